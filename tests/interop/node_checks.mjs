// Checks for the clients written for Node: one line each, in the words that run.sh counts.
import fs from "node:fs";

const text = (value) => String(value).replace(/\r/g, "\\r").replace(/\n/g, "\\n").slice(0, 400);

export function like(name, pattern, got) {
  if (pattern.test(got)) console.log(`ok - ${name}`);
  else console.log(`not ok - ${name}: expected ${pattern}, got "${text(got)}"`);
}

export function is(name, expected, got) {
  if (got === expected) console.log(`ok - ${name}`);
  else console.log(`not ok - ${name}: expected "${text(expected)}", got "${text(got)}"`);
}

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

let start = 0;

// What the server logs from here on is what `logged` looks at.
export function mark() {
  start = fs.statSync(process.env.SERVER_LOG).size;
}

// Trouble with a connection is logged behind its answer, so this waits a little.
export async function logged(name, pattern) {
  const log = () => fs.readFileSync(process.env.SERVER_LOG, "latin1").slice(start);
  for (let i = 0; i < 40 && !pattern.test(log()); i++) await sleep(50);
  like(name, pattern, log());
}
