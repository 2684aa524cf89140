// The tests' hand inside the extension host: runs functions that a test sends, with the real `vscode` API.
//
// Invariant: listens on the Unix socket that COMPANION_SOCKET names, in a folder that only this user may enter, and
// nowhere else; without that variable it does nothing.
const http = require("node:http");
const fs = require("node:fs");
const Module = require("node:module");
const vscode = require("vscode");

const SUBJECT = "surefoot.surefoot";

/** Milliseconds of the subject's activation: `require` of its code, `activate()` until it returns, and until it is done. */
const activation = {};

// Activated on "*", before any extension that waits for the start-up to finish, so that its loading can be timed.
function timeActivation() {
  const load = Module._load;
  Module._load = function (request, ...rest) {
    if (!isSubject(request)) return load.call(this, request, ...rest);
    Module._load = load;
    const begun = performance.now();
    const loaded = load.call(this, request, ...rest);
    activation.load = performance.now() - begun;
    return { ...loaded, activate: context => timed(() => loaded.activate(context)) };
  };
}

function isSubject(request) {
  const home = vscode.extensions.getExtension(SUBJECT)?.extensionPath;
  return home !== undefined && String(request).includes(home);
}

function timed(activate) {
  const begun = performance.now();
  const result = activate();
  activation.returned = performance.now() - begun;
  Promise.resolve(result).finally(() => {
    activation.done = performance.now() - begun;
  });
  return result;
}

async function answer(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  let reply;
  try {
    const { source, argument } = JSON.parse(Buffer.concat(parts).toString("utf8"));
    // The test's own function, sent as text: this is what the companion is for.
    const run = new Function(`return (${source})`)();
    reply = { value: (await run(vscode, argument, { activation, require })) ?? null };
  } catch (error) {
    reply = { error: String(error?.stack ?? error) };
  }
  response.end(JSON.stringify(reply));
}

exports.activate = context => {
  const socket = process.env.COMPANION_SOCKET;
  if (!socket) return;
  timeActivation();
  fs.rmSync(socket, { force: true }); // left by the extension host before a reload
  const server = http.createServer(answer).listen(socket);
  context.subscriptions.push({ dispose: () => server.close() });
};
