// npm's googleclientlogin 0.2.8, which speaks to https://www.google.com:443 and nothing else: a proxy with a
// throw-away certificate ends its TLS here and hands the bytes on to the emulator.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import tls from "node:tls";
import { createRequire } from "node:module";
import { is, like, logged, mark } from "./node_checks.mjs";

const google = new URL(process.env.GOOGLE);
const box = process.env.WORK;
const uploads = `${google.origin}/feeds/api/users/default/uploads`;
const AUTH = /^DQAAA[A-Za-z0-9_-]{100,}$/;

function certificate() {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(box, `www.google.com-${name}`));
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key,
    "-out", cert, "-subj", "/CN=www.google.com", "-addext", "subjectAltName=DNS:www.google.com"],
  { stdio: "ignore" });
  return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
}

const own = certificate();
const proxy = tls.createServer(own, (client) => {
  const server = net.connect(Number(google.port), google.hostname);
  client.on("error", () => server.destroy());
  server.on("error", () => client.destroy());
  client.pipe(server).pipe(client);
});
await new Promise((done) => proxy.listen(0, "127.0.0.1", done));

// Only where the connection goes, and what certificate is good: the request is the package's own.
const require = createRequire(import.meta.url);
const ask = https.request;
const asked = [];
require("https").request = (options, ...rest) => {
  asked.push(`${options.method} https://${options.host}:${options.port}${options.path}`);
  const to = { host: "127.0.0.1", port: proxy.address().port, servername: options.host, ca: own.cert };
  return ask({ ...options, ...to, headers: { ...options.headers, Host: options.host }, agent: false }, ...rest);
};
const { GoogleClientLogin } = require("googleclientlogin");

function login(email, password, more, service = "youtube") {
  return new Promise((done) => {
    const client = new GoogleClientLogin({ email, password, service });
    client.on("login", () => done({ client }));
    client.on("error", (error) => done({ client, error }));
    client.login(more);
  });
}

const feed = async (auth) => {
  const answer = await fetch(uploads, { headers: { Authorization: `GoogleLogin auth=${auth}` } });
  return `${answer.status} ${await answer.text()}`;
};

async function right() {
  mark();
  // A password with everything that is escaped.
  const { client, error } = await login("odd@example.com", process.env.PASSWORD);
  is("a login with a password of odd characters is no error", undefined, error?.message);
  is("the package called Google", "POST https://www.google.com:443/accounts/ClientLogin", asked[0]);
  like("getAuthId", AUTH, client.getAuthId());
  like("getSID", AUTH, client.getSID());
  like("getLSID", AUTH, client.getLSID());
  await logged("the log has the login", /POST www\.google\.com\/accounts\/ClientLogin 200/);
  mark();
  like("the token reads the feed", /^200 [^]*Uploads by odd<\/title>/, await feed(client.getAuthId()));
  await logged("the log has the feed", /GET gdata\.youtube\.com\/feeds\/api\/users\/default\/uploads 200/);
  const calendar = await login("odd@example.com", process.env.PASSWORD, undefined, "calendar");
  like("a token for Calendar does not", /^401 /, await feed(calendar.client.getAuthId()));
}

async function wrong() {
  for (const [email, code, reason] of [
    ["odd@example.com", "BadAuthentication", "Passwd: not this account's"],
    ["nobody@example.com", "BadAuthentication", "Email: no such account here"],
    ["accountdisabled@example.com", "AccountDisabled", "the configuration refuses"],
    ["twosteps@example.com", "BadAuthentication", "the configuration refuses"],
  ]) {
    mark();
    const { client, error } = await login(email, "wrong");
    is(`${email} with a wrong password fails`, "Login failed", error?.message);
    is(`${email}: getError`, code, client.getError());
    is(`${email}: the status`, 403, error?.response.statusCode);
    is(`${email}: no CAPTCHA`, false, client.isCaptchaRequired());
    is(`${email}: no token`, undefined, client.getAuthId());
    await logged(`${email}: the log says why`, new RegExp(`accounts/ClientLogin 403: ${reason}`));
  }
}

async function captcha() {
  const first = await login("captcha@example.com", "secret");
  is("a CAPTCHA is required", true, first.client.isCaptchaRequired());
  // The package splits lines at every `=`, so its address ends there.
  is("the package cuts its address at the second =", "Captcha?ctoken", first.client.getCaptchaUrl());
  const token = first.client.getCaptchaToken();
  like("getCaptchaToken", /^DQAAA[A-Za-z0-9_-]+$/, token);
  const again = await login("captcha@example.com", "secret", { logincaptcha: "wrong", logintoken: token });
  is("a wrong answer: required again", true, again.client.isCaptchaRequired());
  const logintoken = again.client.getCaptchaToken();
  is("with another token", true, logintoken !== token);

  const picture = await fetch(`${google.origin}/accounts/Captcha?ctoken=${logintoken}`);
  like("the picture is there", /^200 image\//, `${picture.status} ${picture.headers.get("content-type")}`);
  const logincaptcha = />([a-z]+)<\/text>/.exec(await picture.text())?.[1];
  mark();
  const { client, error } = await login("captcha@example.com", "secret", { logincaptcha, logintoken });
  is("the right answer is no error", undefined, error?.message);
  like("and gives a token", AUTH, client.getAuthId());
  await logged("the log has the login", /POST www\.google\.com\/accounts\/ClientLogin 200/);
  like("which reads the feed", /^200 [^]*Uploads by captcha<\/title>/, await feed(client.getAuthId()));
}

await right();
await wrong();
await captcha();
proxy.close();
