// A server by other hands for our client: npm's oidc-provider, certified for OpenID Connect, on a free loopback port.
// It keeps to the letter where Google does not: PKCE is needed, refresh tokens rotate, and one that is used twice ends
// the whole grant. Its own development pages ask for a login and a consent.
import http from "node:http";

import { Provider } from "oidc-provider";

const DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
const native = {
  application_type: "native",
  redirect_uris: ["http://127.0.0.1/"],
  response_types: ["code"],
  grant_types: ["authorization_code", "refresh_token", DEVICE],
};

const server = http.createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { ...native, client_id: "public", token_endpoint_auth_method: "none" },
      { ...native, client_id: "post", client_secret: process.env.OAUTH2_SECRET, token_endpoint_auth_method: "client_secret_post" },
      { ...native, client_id: "a b:c", client_secret: process.env.OAUTH2_SECRET, token_endpoint_auth_method: "client_secret_basic" },
    ],
    cookies: { keys: ["insecure"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.com`, email_verified: true }),
    }),
    features: {
      devInteractions: { enabled: true },
      deviceFlow: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
    },
    pkce: { required: () => true },
    rotateRefreshToken: true,
    scopes: ["openid", "offline_access", "https://www.googleapis.com/auth/youtube"],
    ttl: { AccessToken: 3600, AuthorizationCode: 60, DeviceCode: 600, Grant: 86400, IdToken: 3600, Interaction: 600, RefreshToken: 86400, Session: 86400 },
  });
  server.on("request", provider.callback());
  console.log(`listening on ${issuer}`);
});
