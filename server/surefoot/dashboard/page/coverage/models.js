// Which language model writes the answers that are asked for here, from now on.

import { html, live, nothing } from "../vendor/lit.js";
import { getJson, postJson, sentenceOf } from "../base/api.js";
import { draw } from "../base/draw.js";
import { loaded } from "../base/load.js";
import { size } from "../base/numbers.js";
import { facts, failure } from "../base/pieces.js";
import { visible, visibleLine } from "../base/visible.js";
import { loadStatus, workspace } from "../base/workspace.js";

const NONE = "none";
const catalogue = loaded();
const state = { chosen: "", isBusy: false, error: "", said: "" };

export function loadModels() {
  return catalogue.load(signal => getJson("/api/models", {}, { signal }));
}

export function modelPart() {
  const { status } = workspace;
  return html`
    ${
      status
        ? facts([
            ["Model", visible(status.model)],
            ["State", visible(status.model_state)],
            ["Embedder", visible(status.embedder)],
          ])
        : nothing
    }
    ${catalogue.template("Looking which models there are…", ({ models }) => choice(models))}
  `;
}

function choice(models) {
  const chosen = state.chosen || currentOf(models);
  return html`<form class="model-form" @submit=${choose}>
    <fieldset class="choices open">
      <legend>Answers asked for here are written by</legend>
      ${models.map(model => option(model, chosen))}
      ${radio(NONE, chosen, html`No model: sentences are drawn from the code`, false)}
    </fieldset>
    ${state.error ? failure(state.error) : nothing}
    <p class="actions">
      <button type="submit" class="button" data-testid="choose-model" ?disabled=${state.isBusy}><span>${state.isBusy ? "Trying it…" : "Use this model"}</span></button>
      <span class="secondary" role="status">${visible(state.said)}</span>
    </p>
  </form>`;
}

function option(model, chosen) {
  const { name, title, size_bytes: bytes, licence, downloaded: isHere } = model;
  const label = html`<strong>${visibleLine(title || name)}</strong>
    <span class="secondary">${size(bytes)}, ${visibleLine(licence)}${isHere ? "" : html`; not here yet, <code>surefoot models pull ${visibleLine(name)}</code> fetches it`}</span>`;
  return radio(name, chosen, label, !isHere);
}

function radio(value, chosen, label, isDisabled) {
  return html`<label class="choice">
    <input type="radio" name="model" value=${value} ?disabled=${isDisabled} .checked=${live(chosen === value)} @change=${() => (state.chosen = value)}>
    <span>${label}</span>
  </label>`;
}

function currentOf(models) {
  const model = workspace.status?.model ?? NONE;
  return models.find(one => one.name === model || model.includes(one.name) || one.path === model)?.name ?? NONE;
}

async function choose(event) {
  event.preventDefault();
  const name = new FormData(event.target).get("model");
  Object.assign(state, { isBusy: true, error: "", said: "" });
  draw();
  try {
    const reply = await postJson("/api/model", { name });
    state.said = reply.name === NONE ? "Answers are drawn from the code." : `${reply.name} writes from now on.`;
    await loadStatus();
  } catch (error) {
    state.error = sentenceOf(error);
  }
  state.isBusy = false;
  draw();
}
