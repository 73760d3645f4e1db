# The OpenEnv server. It needs no network at run time: scripted coworkers, a committed reader, no weights.
FROM python:3.11-slim AS build
WORKDIR /src
RUN python -m venv /venv
COPY constraints/ constraints/
COPY pyproject.toml README.md LICENSE __init__.py ./
# Dependencies before sources, so that a change of code does not install them again: openenv and the rest of the extra.
RUN python -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
print('\n'.join(p['dependencies'] + p['optional-dependencies']['server']))" > requirements.txt \
 && /venv/bin/pip install --no-cache-dir -c constraints/core.txt -c constraints/server.txt -r requirements.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim
RUN useradd --create-home --uid 1000 wlf && install -d -o wlf -g wlf /data
COPY --from=build /venv /venv
USER wlf
WORKDIR /data
# A container is reached through its published port, so it listens on all of its own addresses. Whoever publishes it to
# others sets WLF_TOKEN, which then takes the place of WLF_PUBLIC.
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 \
    WLF_HOST=0.0.0.0 WLF_PORT=8000 WLF_PUBLIC=true WLF_RUNS=/data/served
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
CMD ["server"]
