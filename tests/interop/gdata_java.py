"""What gdata-java-client promises to its callers, as far as fixtures/rewrite calls it, for a javac that has to judge them.

Signatures only, from the library's documentation: it is packaged nowhere that installs it. `getFeed` asks by the
credential as the library does (`Bearer ` and the access token that it has), so that a rewritten program can run. Where
$GDATA_JAVA names the classes of the real library, those are taken.
"""

import os

ROOT = "com.google.gdata."
SOURCES = {
    "util.ServiceException": "class ServiceException extends Exception { public ServiceException(String m) { super(m); } }",
    "util.AuthenticationException":
        "class AuthenticationException extends ServiceException { public AuthenticationException(String m) { super(m); } }",
    "client.authn.oauth.OAuthException": "class OAuthException extends Exception { }",
    "client.authn.oauth.OAuthParameters": "class OAuthParameters { }",
    "client.authn.oauth.GoogleOAuthParameters": "class GoogleOAuthParameters extends OAuthParameters { }",
    "client.authn.oauth.OAuthSigner": "interface OAuthSigner { }",
    "client.authn.oauth.OAuthHmacSha1Signer": "class OAuthHmacSha1Signer implements OAuthSigner { }",
    "data.TextConstruct": "abstract class TextConstruct { public abstract String getPlainText(); }",
    "data.IFeed": "interface IFeed { }",
    "data.Feed": """class Feed implements IFeed {
        String title;
        public void read(String body) { title = body.replaceFirst("(?s).*?<title[^>]*>([^<]*)<.*", "$1"); }
        public TextConstruct getTitle() {
            return new TextConstruct() { public String getPlainText() { return title; } };
        }
    }""",
    "data.contacts.ContactFeed": "class ContactFeed extends com.google.gdata.data.Feed { }",
    "client.GoogleService": """class GoogleService {
        private com.google.api.client.auth.oauth2.Credential credential;
        public void setUserCredentials(String username, String password)
            throws com.google.gdata.util.AuthenticationException { }
        public void setUserToken(String token) { }
        public void setAuthSubToken(String token) { }
        public void setAuthSubToken(String token, java.security.PrivateKey key) { }
        public void setOAuthCredentials(com.google.gdata.client.authn.oauth.OAuthParameters parameters,
            com.google.gdata.client.authn.oauth.OAuthSigner signer)
            throws com.google.gdata.client.authn.oauth.OAuthException { }
        public void setOAuth2Credentials(com.google.api.client.auth.oauth2.Credential credential) {
            this.credential = credential;
        }
        public <F extends com.google.gdata.data.IFeed> F getFeed(java.net.URL url, Class<F> kind)
            throws java.io.IOException, com.google.gdata.util.ServiceException {
            java.net.HttpURLConnection request = (java.net.HttpURLConnection) url.openConnection();
            request.setRequestProperty("Authorization", "Bearer " + credential.getAccessToken());
            if (request.getResponseCode() != 200) {
                throw new com.google.gdata.util.ServiceException("" + request.getResponseCode());
            }
            try {
                F feed = kind.getDeclaredConstructor().newInstance();
                ((com.google.gdata.data.Feed) feed).read(new String(request.getInputStream().readAllBytes(), "UTF-8"));
                return feed;
            } catch (ReflectiveOperationException wrong) {
                throw new IllegalStateException(wrong);
            }
        }
    }""",
    "client.contacts.ContactsService": """class ContactsService extends com.google.gdata.client.GoogleService {
        public ContactsService(String applicationName) { }
        public ContactsService(String applicationName, String protocol, String domainName) { }
    }""",
    "client.appsforyourdomain.audit.AuditService": """class AuditService extends com.google.gdata.client.GoogleService {
        public AuditService(String domain, String applicationName)
            throws com.google.gdata.util.AuthenticationException { }
        public AuditService(String adminEmail, String adminPassword, String domain, String applicationName)
            throws com.google.gdata.util.AuthenticationException { }
        public com.google.gdata.data.Feed retrieveMonitors(String sourceUser)
            throws java.io.IOException, com.google.gdata.util.ServiceException { return null; }
    }""",
}


def write(folder):
    """Writes the sources into a folder: their names."""
    names = []
    for name, body in SOURCES.items():
        package, _, simple = (ROOT + name).rpartition(".")
        path = os.path.join(folder, *package.split("."), simple + ".java")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("package %s;\npublic %s\n" % (package, body))
        names.append(path)
    return names
