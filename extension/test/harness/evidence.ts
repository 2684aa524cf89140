// What a failed test leaves behind, and the pictures that are taken on purpose.
//
// Invariant: writes below test/artifacts only, which git ignores.
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { ARTIFACTS } from "./places.ts";
import type { Profile } from "./profile.ts";

export async function keepEvidence(name: string, page: Page, profile: Profile, serverLog: string): Promise<void> {
  const into = join(ARTIFACTS, "failures", name.replace(/[^\w]+/g, "-").slice(0, 80));
  mkdirSync(into, { recursive: true });
  await page.screenshot({ path: join(into, "page.png") }).catch(error => console.error(`No screenshot: ${error}`));
  copyFileSync(serverLog, join(into, "code-server.log"));
  for (const log of extensionHostLogs(profile)) copyFileSync(log, join(into, log.split("/").slice(-2).join("-")));
  console.error(`Screenshot and logs are in ${into}`);
}

/** exthost's own log and the output channels of the extensions. */
export function extensionHostLogs(profile: Profile): string[] {
  const logs = join(profile.data, "logs");
  return readdirSync(logs, { recursive: true, encoding: "utf8" })
    .filter(path => path.includes("exthost") && path.endsWith(".log"))
    .map(path => join(logs, path));
}

/** What the extension has written to its own output channel, in all of the windows so far. */
export function extensionLog(profile: Profile): string {
  const ours = extensionHostLogs(profile).filter(path => path.endsWith("Surefoot.log"));
  return ours.map(path => readFileSync(path, "utf8")).join("");
}

export async function screenshot(page: Page, name: string): Promise<void> {
  const into = join(ARTIFACTS, "screenshots");
  mkdirSync(into, { recursive: true });
  // Icons are letters of a font, which a webview may still be loading.
  for (const frame of page.frames())
    await frame.evaluate(() => document.fonts.ready.then(() => undefined)).catch(() => {});
  await page.screenshot({ path: join(into, `${name}.png`), animations: "disabled" });
}
