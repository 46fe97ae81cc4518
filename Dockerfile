# Two stages: wheels are installed where a compiler and pip may write; what runs has neither need.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/credit-graph
WORKDIR /src
COPY requirements-report.lock requirements-build.lock ./
RUN /opt/credit-graph/bin/pip install --require-hashes -r requirements-report.lock -r requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY graph_service ./graph_service
COPY loaders ./loaders
COPY queries ./queries
COPY viz ./viz
COPY bench ./bench
RUN /opt/credit-graph/bin/pip install --no-deps --no-build-isolation . \
 && /opt/credit-graph/bin/pip uninstall --yes setuptools pip

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="credit-graph" \
      org.opencontainers.image.licenses="Apache-2.0"
# Fonts that reports embed: Droid Sans Fallback (Apache 2.0), Hanazono for rare characters (OFL).
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-droid-fallback fonts-hanazono \
 && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 credit-graph \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data credit-graph \
 && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /opt/credit-graph /opt/credit-graph
# Nothing is written outside /data and /tmp, so the root file system can be mounted read-only.
ENV PATH=/opt/credit-graph/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    CG_STORE=/data/credit-graph.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 CMD ["credit-graph", "health"]
ENTRYPOINT ["credit-graph"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
