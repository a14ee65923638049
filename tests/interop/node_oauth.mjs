// npm's oauth 0.10: three legs with HMAC and with RSA, in every version of OAuth 1.0 that its users wrote down.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { is, like, logged, mark } from "./node_checks.mjs";

const { OAuth } = createRequire(import.meta.url)("oauth");
const google = process.env.GOOGLE;
const uploads = `${google}/feeds/api/users/default/uploads`;
const next = "http://127.0.0.1:9/cb?lang=en";
const scope = "http://gdata.youtube.com/feeds/";
const key = fs.readFileSync(path.join(process.env.KEYS, "insecure-rsa2048-pkcs8.pem"), "latin1");

// The package calls back with (error, …results); this gives the lot.
const call = (client, method, ...given) =>
  new Promise((done) => client[method](...given, (error, ...results) => done({ error, results })));

async function life(name, version, consumer, secret, method) {
  const client = new OAuth(`${google}/accounts/OAuthGetRequestToken`, `${google}/accounts/OAuthGetAccessToken`,
    consumer, secret, version, next, method);
  mark();
  const asked = await call(client, "getOAuthRequestToken", { scope, xoauth_displayname: "Café (1*2)!'~" });
  const [request, requestSecret, more] = asked.results;
  is(`${name}: a request token is no error`, null, asked.error);
  like(`${name}: it has Google's form`, /^4\/[A-Za-z0-9_-]{28}$/, request);
  is(`${name}: the callback is confirmed`, "true", more?.oauth_callback_confirmed);
  await logged(`${name}: the log has it`, /POST www\.google\.com\/accounts\/OAuthGetRequestToken 200/);

  const link = `${google}/accounts/OAuthAuthorizeToken?oauth_token=${encodeURIComponent(request)}`;
  const page = await fetch(link, { redirect: "manual" });
  is(`${name}: the consent page redirects`, 302, page.status);
  const back = new URL(page.headers.get("location"));
  is(`${name}: to the callback, with its query`, "en", back.searchParams.get("lang"));
  is(`${name}: with the token`, request, back.searchParams.get("oauth_token"));
  const verifier = back.searchParams.get("oauth_verifier");

  mark();
  const gained = await call(client, "getOAuthAccessToken", request, requestSecret, verifier);
  const [token, tokenSecret] = gained.results;
  is(`${name}: an access token is no error`, null, gained.error);
  like(`${name}: it has Google's form`, /^1\/[A-Za-z0-9_-]{43}$/, token);
  await logged(`${name}: the log has it`, /POST www\.google\.com\/accounts\/OAuthGetAccessToken 200/);

  mark();
  const get = (address) => call(client, "get", address, token, tokenSecret);
  const feed = await get(`${uploads}?v=2&max-results=1&q=a%2Fb%20%28c%29`);
  is(`${name}: the feed is no error`, null, feed.error);
  like(`${name}: with its title`, /Uploads by ann<\/title>/, feed.results[0]);
  await logged(`${name}: the log has it`, /GET gdata\.youtube\.com\/feeds\/api\/users\/default\/uploads 200/);
  // signUrl puts everything into the query, the signature too.
  const plain = await fetch(client.signUrl(`${uploads}?v=2`, token, tokenSecret, "GET"));
  like(`${name}: signUrl`, /^200 [^]*Uploads by ann<\/title>/, `${plain.status} ${await plain.text()}`);

  is(`${name}: revoke is no error`, null, (await get(`${google}/accounts/AuthSubRevokeToken`)).error);
  mark();
  const after = await get(uploads);
  is(`${name}: the token no longer works`, 401, after.error?.statusCode);
  like(`${name}: in Google's words`, /Token disabled, revoked, or expired\./, after.error?.data);
  await logged(`${name}: the log says why`, /uploads 401: the token was revoked/);
}

async function wrongSecret() {
  const client = new OAuth(`${google}/accounts/OAuthGetRequestToken`, "", "www.example.com", "wrong", "1.0", next,
    "HMAC-SHA1");
  mark();
  const { error } = await call(client, "getOAuthRequestToken", { scope });
  is("a wrong secret is refused", 400, error?.statusCode);
  like("with the base string", /^signature_invalid\nbase_string:POST&http%3A%2F%2F127\.0\.0\.1/, error?.data);
  await logged("the log names the signature", /OAuthGetRequestToken 400: oauth_signature: /);
}

const secret = process.env.CONSUMER_SECRET;
await life("1.0A, HMAC", "1.0A", "www.example.com", secret, "HMAC-SHA1");
await life("1.0, HMAC", "1.0", "www.example.com", secret, "HMAC-SHA1");
await life("1.0A, RSA", "1.0A", "rsa.example.com", key, "RSA-SHA1");
await life("anonymous", "1.0", "anonymous", "anonymous", "HMAC-SHA1");
await wrongSecret();
