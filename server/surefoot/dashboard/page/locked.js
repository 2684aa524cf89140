// What is shown without the token, or with that of an earlier start: where to find the right one.

import { html, nothing, ref } from "./vendor/lit.js";
import { currentToken, setToken } from "./base/token.js";

let typed = ""; // the token that was given here last

export function lockedTemplate(unlocked) {
  const submitted = event => {
    event.preventDefault();
    setToken(event.target.elements.token.value);
    typed = currentToken();
    unlocked();
  };
  return html`<main id="main" class="main locked" tabindex="-1" data-testid="locked">
    <h1>Open the address that the terminal printed</h1>
    <p>
      This page may only be read by whoever started it. <code>surefoot dashboard</code> printed an address that ends in
      <code>#token=…</code>: open that one, or paste it here. Each start has a new one.
    </p>
    ${
      typed && typed === currentToken()
        ? html`<p class="bad-text" role="alert" data-testid="refused">That is not the token of the dashboard that runs now.</p>`
        : nothing
    }
    <form class="row" autocomplete="off" @submit=${submitted}>
      <label class="field wide">
        <span>Address or token</span>
        <input type="password" name="token" required ${ref(focused)}>
      </label>
      <button type="submit" class="button primary"><span>Open</span></button>
    </form>
  </main>`;
}

// Not autofocus, which holds only once for a page.
function focused(element) {
  queueMicrotask(() => element?.focus()); // when it stands in the page
}
