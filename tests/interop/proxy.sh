#!/usr/bin/env bash
# curl, OpenSSL, Python, Node and Java through a proxy that ends the TLS of listed hosts, with its certificate as the only one
# they trust, and through answers that misbehave. Nothing leaves the machine: the proxy answers by itself.
# The proxy is $GDATA_AUTH_PROXY, or target/debug/examples/intercepting_proxy.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
proxy_binary=${GDATA_AUTH_PROXY:-$repo/target/debug/examples/intercepting_proxy}
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE REQUESTS_CA_BUNDLE
PROXY_PID=''
finish() { if [[ -n $PROXY_PID ]]; then kill "$PROXY_PID" 2>/dev/null || true; fi; }
trap finish EXIT

# proxy KEY HOST…: starts one; PROXY is its origin, CA its certificate
proxy() {
  finish
  CA=$WORK/ca-$1.pem
  mkfifo "$WORK/in-$1"
  "$proxy_binary" "$CA" "$@" <"$WORK/in-$1" >"$WORK/proxy-$1" 2>&1 &
  PROXY_PID=$!
  exec 9>"$WORK/in-$1"
  PROXY=''
  for _ in {1..100}; do
    PROXY=$(sed -n 's/^listening on //p' "$WORK/proxy-$1")
    [[ -n $PROXY ]] && return
    sleep 0.05
  done
  not_ok "the proxy starts" "listening on …" "$(cat "$WORK/proxy-$1")"
  exit 1
}

# through CURL-ARGUMENT…: curl's exit code and what it got
through() {
  local code=0 text
  text=$(curl --silent --max-time 10 --noproxy '' --proxy "$PROXY" --cacert "$CA" "$@" 2>&1) || code=$?
  printf '%s %s' "$code" "$text"
}

by_curl() {
  is "$1: curl, https" "0 GET https://www.google.com/accounts/x?y=%2Fz" \
    "$(through 'https://www.google.com/accounts/x?y=%2Fz')"
  is "$1: curl, a form" $'0 POST https://oauth2.googleapis.com/token\ncode=4/x' \
    "$(through --data 'code=4/x' https://oauth2.googleapis.com/token)"
  is "$1: curl, an address" "0 GET https://127.0.0.1/x" "$(through https://127.0.0.1/x)"
  is "$1: curl, http" "0 GET http://gdata.youtube.com/feeds/api?q=a+b" \
    "$(through 'http://gdata.youtube.com/feeds/api?q=a+b')"
  is "$1: curl, HTTP/2 is not offered" "0 1.1" \
    "$(through --http2 --output /dev/null --write-out '%{http_version}' https://www.google.com/)"
  is "$1: curl, a host that is not listed" "56 403" \
    "$(through --output /dev/null --write-out '%{http_connect}' https://www.example.com/)"
  is "$1: curl, another port" "56 403" \
    "$(through --output /dev/null --write-out '%{http_connect}' https://www.google.com:8443/)"
  has "$1: the log says what to do" "add --host www.example.com" "$(cat "$WORK/proxy-$1")"
  is "$1: curl, without the certificate" "60 " \
    "$(CURL_CA_BUNDLE='' curl --silent --max-time 10 --noproxy '' --proxy "$PROXY" https://www.google.com/ 2>&1 || printf '%s ' "$?")"
  has "$1: the log names the alert" "www.google.com: expected TLS, got: received fatal alert" "$(cat "$WORK/proxy-$1")"
}

by_misbehaviour() {
  local want
  # Exit codes: 52 nothing came, 56 it could not be read (a reset), 18 less came than was told.
  for want in reset:56 close:18 empty:52 long:18 short:0; do
    like "$1: curl, /${want%:*} over http" "^${want#*:} " "$(through "http://gdata.youtube.com/${want%:*}")"
    like "$1: curl, /${want%:*} over https" "^${want#*:} " "$(through "https://www.google.com/${want%:*}")"
  done
  like "$1: curl, /stall" "^28 " "$(through --max-time 1 https://www.google.com/stall)"
}

# lasts SECONDS: whether the certificate is still valid then
lasts() { if openssl x509 -in "$CA" -noout -checkend "$1" >/dev/null; then echo yes; else echo no; fi; }

by_openssl() {
  local words
  words=$(openssl s_client -proxy "${PROXY#http://}" -connect www.google.com:443 -servername www.google.com \
    -CAfile "$CA" -verify_return_error -verify_hostname www.google.com -alpn h2,http/1.1 </dev/null 2>&1 || true)
  has "$1: openssl verifies the chain" "Verify return code: 0 (ok)" "$words"
  has "$1: openssl agrees on HTTP/1.1" "ALPN protocol: http/1.1" "$words"
  words=$(openssl s_client -proxy "${PROXY#http://}" -connect www.google.com:443 -tls1_2 -CAfile "$CA" \
    -verify_return_error </dev/null 2>&1 || true)
  has "$1: openssl with TLS 1.2" "Verify return code: 0 (ok)" "$words"
  words=$(openssl x509 -in "$CA" -noout -text)
  has "$1: the constraint is critical" "X509v3 Name Constraints: critical" "$words"
  has "$1: it permits the listed hosts" "DNS:www.google.com" "$words"
  has "$1: the authority signs leaves alone" "CA:TRUE, pathlen:0" "$words"
  is "$1: it is valid for 23 hours" yes "$(lasts 82800)"
  is "$1: not for 25" no "$(lasts 90000)"
  is "$1: the file is for everyone to read" "644" "$(stat -c %a "$CA")"
  is "$1: no key is written" "0" "$(grep -c PRIVATE "$CA" || true)"
}

by_python() {
  if ! command -v python3 >/dev/null; then
    echo "skip - Python: python3"
    return
  fi
  is "$1: Python's urllib" "GET https://www.google.com/accounts/x?y" "$(
    PROXY=$PROXY CA=$CA python3 - 2>&1 <<'PYTHON' || true
import os, ssl, urllib.request
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({"https": os.environ["PROXY"]}),
    urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=os.environ["CA"])))
print(opener.open("https://www.google.com/accounts/x?y", timeout=10).read().decode(), end="")
PYTHON
  )"
  local python=$repo/tests/interop/.venv-modern/bin/python
  if ! "$python" -c 'import requests' >/dev/null 2>&1; then
    echo "skip - requests: requests in tests/interop/.venv-modern (install.sh installs it)"
    return
  fi
  is "$1: requests, by the environment" $'POST https://oauth2.googleapis.com/token\na=b' "$(
    HTTPS_PROXY=$PROXY REQUESTS_CA_BUNDLE=$CA NO_PROXY='' "$python" - 2>&1 <<'PYTHON' || true
import requests
print(requests.post("https://oauth2.googleapis.com/token", data={"a": "b"}, timeout=10).text)
PYTHON
  )"
}

by_node() {
  if ! command -v node >/dev/null; then
    echo "skip - Node: node"
    return
  fi
  is "$1: Node, NODE_EXTRA_CA_CERTS" "GET https://www.google.com/x" "$(
    PROXY=$PROXY NODE_EXTRA_CA_CERTS=$CA node - 2>&1 <<'NODE' || true
const http = require("http"), https = require("https");
const proxy = new URL(process.env.PROXY);
http.request({host: proxy.hostname, port: proxy.port, method: "CONNECT", path: "www.google.com:443"})
  .on("connect", (answer, socket) => https.get("https://www.google.com/x", {socket, agent: false},
    (got) => { got.pipe(process.stdout); got.on("end", () => process.exit(0)); })
    .on("error", (error) => console.log(error.message)))
  .end();
NODE
  )"
}

by_java() {
  if ! command -v keytool >/dev/null || ! command -v javac >/dev/null; then
    echo "skip - Java: a JDK (apt: default-jdk-headless)"
    return
  fi
  keytool -importcert -noprompt -alias proxy -file "$CA" -keystore "$WORK/trust-$1" -storepass changeit >/dev/null 2>&1
  cat >"$WORK/Ask.java" <<'JAVA'
import java.net.URL;
public class Ask {
    public static void main(String[] a) throws Exception {
        System.out.write(new URL(a[0]).openStream().readAllBytes());
        System.out.flush();
    }
}
JAVA
  local port=${PROXY##*:}
  is "$1: Java, a trust store" "GET https://www.google.com/x" "$(
    java -Djavax.net.ssl.trustStore="$WORK/trust-$1" -Djavax.net.ssl.trustStorePassword=changeit \
      -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort="$port" "$WORK/Ask.java" https://www.google.com/x 2>&1 || true
  )"
}

for key in ecdsa rsa; do
  proxy "$key" www.google.com '*.googleapis.com' 127.0.0.1
  by_curl "$key"
  by_misbehaviour "$key"
  by_openssl "$key"
  by_python "$key"
  by_node "$key"
  by_java "$key"
  exec 9>&-
done
