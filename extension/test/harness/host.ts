// Runs a function of a test inside the extension host, through the companion extension.
//
// Invariant: the function is sent as text, so it sees its parameters and nothing else of the test's file.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type * as vscode from "vscode";

export type VsCode = typeof vscode;

export interface Inside {
  /** Milliseconds of the extension's activation, as far as it has come. */
  readonly activation: { load?: number; returned?: number; done?: number };
  readonly require: NodeJS.Require;
}

export type HostFunction<Argument, Value> = (
  api: VsCode,
  argument: Argument,
  inside: Inside,
) => Value | PromiseLike<Value>;

const STARTS_WITHIN = 60_000;

export async function inHost<Argument, Value>(
  socket: string,
  run: HostFunction<Argument, Value>,
  argument: Argument,
): Promise<Value> {
  const reply = JSON.parse(await post(socket, JSON.stringify({ source: run.toString(), argument }))) as {
    value: Value;
    error?: string;
  };
  if (reply.error !== undefined) throw new Error(`Inside the extension host: ${reply.error}`);
  return reply.value;
}

/** Waits for the extension host, which starts with the page, and again after a reload. */
export async function hostReady(socket: string): Promise<void> {
  const until = Date.now() + STARTS_WITHIN;
  for (;;) {
    try {
      return await inHost(socket, () => undefined, undefined);
    } catch (error) {
      if (Date.now() > until) throw new Error(`The extension host did not answer: ${error}`);
    }
    await sleep(100);
  }
}

function post(socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method: "POST", path: "/" }, response => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(text));
      response.on("error", reject);
    });
    call.on("error", reject);
    call.end(body);
  });
}
