// Requests by hand, on bare sockets: what is odd but legal is answered, what is illegal is refused, and the
// emulator lives on.
import net from "node:net";
import { like, logged, mark, sleep } from "./node_checks.mjs";

const google = new URL(process.env.GOOGLE);
const uploads = "/feeds/api/users/default/uploads";
const host = `Host: ${google.host}\r\n`;
const last = "Connection: close\r\n\r\n";

// Sends the pieces and gives all that comes back until the server closes, or nothing more comes.
function talk(...pieces) {
  mark();
  return new Promise((done) => {
    const got = [];
    const all = () => Buffer.concat(got).toString("latin1");
    const socket = net.connect(Number(google.port), google.hostname);
    socket.setTimeout(5000, () => socket.destroy());
    socket.on("data", (bytes) => got.push(bytes));
    socket.on("error", () => {}); // a reset is an answer too
    socket.on("close", () => done(all()));
    socket.on("connect", async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return;
        if (piece === "end") socket.end();
        else socket.write(piece, "latin1");
        await sleep(pieces.length > 2 ? 5 : 0);
      }
    });
  });
}

const status = (answer) => answer.split("\r\n", 1)[0];

async function odd() {
  let got = await talk(`GET ${uploads} HTTP/1.1\r\n${host}\r\nGET / HTTP/1.1\r\n${host}${last}`);
  like("two requests in one write: two answers, in order", /^HTTP\/1\.1 401 [^]*HTTP\/1\.1 200 /, got);
  like("both whole", /Error 401<\/H2>\n<\/BODY>\n<\/HTML>\nHTTP\/1\.1 200 [^]*<\/html>\s*$/i, got);

  got = await talk(...`GET / HTTP/1.1\r\n${host}${last}`);
  like("a request byte by byte", /^HTTP\/1\.1 200 /, got);
  got = await talk(`\r\nGET / HTTP/1.1\r\n${host}${last}`);
  like("an empty line before the request line (RFC 9112, 2.2)", /^HTTP\/1\.1 200 /, got);
  got = await talk(`GET / HTTP/1.1\nHost: ${google.host}\nConnection: close\n\n`);
  like("bare line feeds: taken or refused", /^HTTP\/1\.1 (200|400) /, got);
  got = await talk(`GET / HTTP/1.1\r\n${host}TE: deflate,gzip;q=0.3\r\nConnection: TE, close\r\n\r\n`);
  like("TE, as Perl's LWP sends it", /^HTTP\/1\.1 200 /, got);
  got = await talk(`GET / HTTP/1.1\r\n${host}\r\n`, "end");
  like("a client that stops sending gets its answer", /^HTTP\/1\.1 200 [^]*<\/html>\s*$/i, got);
  got = await talk(`GET / HTTP/1.0\r\n${host}\r\n`);
  like("HTTP/1.0 ends the connection", /^HTTP\/1\.[01] 200 [^]*<\/html>\s*$/i, got);
  got = await talk(`hEAD ${uploads} HTTP/1.1\r\n${host}${last}`);
  like("methods are case-sensitive", /^HTTP\/1\.1 (40[0135]|501) /, got);
  got = await talk(`HEAD ${uploads} HTTP/1.1\r\n${host}${last}`);
  like("HEAD has no body", /^HTTP\/1\.1 401 [^]*\r\n\r\n$/, got);

  got = await talk(
    `GET http://www.google.com${uploads} HTTP/1.1\r\nHost: gdata.youtube.com\r\n${last}`);
  like("an absolute target outranks Host (RFC 9112, 3.2.2)", /^HTTP\/1\.1 404 /, got);
  await logged("the log has the target's host", /GET www\.google\.com\/feeds\/api\/.* 404/);
  got = await talk(`GET HTTP://GDATA.YouTube.COM${uploads} HTTP/1.1\r\nHost: x\r\n${last}`);
  like("scheme and host in capitals", /^HTTP\/1\.1 401 /, got);
  await logged("the log has them small", /GET gdata\.youtube\.com\/feeds\/api\/.* 401/);

  const folded = `GET ${uploads} HTTP/1.1\r\n${host}Authorization: AuthSub\r\n token="x"\r\n${last}`;
  got = await talk(folded);
  like("a folded header is joined or refused (RFC 9112, 5.2)", /^HTTP\/1\.1 (400|401) /, got);

  const post = `POST ${uploads} HTTP/1.1\r\n${host}`;
  got = await talk(`${post}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n`);
  like("chunks with an extension and a trailer", /^HTTP\/1\.1 401 /, got);
}

async function illegal() {
  let got = await talk(`GET / HTTP/1.1\r\n${host}X-Long: ${"x".repeat(100_000)}\r\n${last}`);
  like("a header of 100,000 bytes", /^HTTP\/1\.1 (431|400) /, got);
  await logged("the log says that it is too large", /too large/i);
  got = await talk(`GET /${"x".repeat(100_000)} HTTP/1.1\r\n${host}${last}`);
  like("a target of 100,000 bytes", /^HTTP\/1\.1 (414|431|400) /, got);
  got = await talk(`GET / HTTP/1.1\r\n${host}${"X-Many: 1\r\n".repeat(5_000)}${last}`);
  like("5,000 headers", /^HTTP\/1\.1 (431|400) /, got);
  got = await talk(`GET / HTTP/1.1\r\n${host}ARRAY(0x55c825dbb0b0): \r\n${last}`);
  like("a header name that is none", /^HTTP\/1\.1 400 /, got);
  await logged("the log says so", /invalid HTTP header/);
  got = await talk(`GET / HTTP/1.1\r\n${host}X-Nul: a\0b\r\n${last}`);
  like("a NUL in a header", /^HTTP\/1\.1 400 /, got);
  got = await talk(`GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n${last}`);
  like("two Hosts", /^HTTP\/1\.1 400 /, got);
  got = await talk(`GET / HTTP/1.1\r\n${last}`);
  like("no Host", /^HTTP\/1\.1 400 /, got);
  got = await talk(`GET / HTTP/1.1\r\n${host}Authorization : x\r\n${last}`);
  like("a blank before the colon (RFC 9112, 5.1)", /^HTTP\/1\.1 400 /, got);
  got = await talk(`GET / HTTP/9.9\r\n${host}${last}`);
  like("another version", /^HTTP\/1\.1 (400|505) /, got);
  got = await talk(`CONNECT www.google.com:443 HTTP/1.1\r\nHost: www.google.com:443\r\n\r\n`);
  like("CONNECT is no tunnel here", /^HTTP\/1\.1 (405|501) /, got);
  got = await talk(`GET ${uploads} HTTP/1.1\r\n${host}Authorization: AuthSub token="a"\r\n` +
    `Authorization: AuthSub token="b"\r\n${last}`);
  like("two credentials", /^HTTP\/1\.1 (400|401) /, got);
  got = await talk(`GET ${uploads} HTTP/1.1\r\n${host}Authorization: AuthSub token="\xff\xfe"\r\n${last}`);
  like("a token that is no ASCII", /^HTTP\/1\.1 (400|401) /, got);

  const post = `POST ${uploads} HTTP/1.1\r\n${host}`;
  got = await talk(`${post}Content-Length: 5\r\nContent-Length: 6\r\n${last}hello!`);
  like("two lengths", /^HTTP\/1\.1 400 /, got);
  got = await talk(`${post}Content-Length: -1\r\n${last}`);
  like("a negative length", /^HTTP\/1\.1 400 /, got);
  got = await talk(`${post}Transfer-Encoding: chunked\r\n${last}zz\r\nabc\r\n0\r\n\r\n`);
  like("a chunk size that is none", /^(HTTP\/1\.1 400 |$)/, got);
  got = await talk(`${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n` +
    `GET /smuggled HTTP/1.1\r\n${host}${last}`);
  like("a length and chunks: refused, or the connection ends (RFC 9112, 6.3)",
    /^HTTP\/1\.1 (400|401) (?![^]*HTTP\/1\.1)/, got);

  for (const [name, bytes] of [
    ["garbage", "\0\x01\x02 garbage \xff\r\n\r\n"],
    ["a TLS hello", "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + "\0".repeat(64)],
    ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ]) {
    got = await talk(bytes, "end");
    like(`${name} gets a 400 or nothing`, /^(HTTP\/1\.1 (400|505) |$)/, got);
  }
  got = await talk(`${post}Content-Length: 100\r\n\r\nhalf`, "end");
  like("half a body", /^(HTTP\/1\.1 4\d\d |$)/, got);
}

await odd();
await illegal();
like("the server lives", /^HTTP\/1\.1 200 /, status(await talk(`GET / HTTP/1.1\r\n${host}${last}`)));
