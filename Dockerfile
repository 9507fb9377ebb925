# One image for web, worker and beat; docker-compose.yml tells which is which.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATA_DIR=/data

WORKDIR /app

# The "run" part of apt.txt; Python itself comes with the base image.
COPY apt.txt ./
RUN apt-get update \
    && awk '$2 == "run" && $1 !~ /^#/ && $1 !~ /^python3/ {print $1}' apt.txt \
       | xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt requirements-sqlite.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
    && pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements-sqlite.txt

COPY . .
RUN msgfmt --check-format -o locale/en/LC_MESSAGES/django.mo locale/en/LC_MESSAGES/django.po \
    && DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity=0 \
    && chmod -R a+rX staticfiles \
    && rm -rf /tmp/build \
    && useradd --system --uid 10001 --home-dir /data kundeservice \
    && install -d -o kundeservice -g kundeservice -m 0700 /data

USER kundeservice
VOLUME /data
EXPOSE 8000

CMD ["python", "manage.py", "serve", "--only-web", "--host=0.0.0.0"]
