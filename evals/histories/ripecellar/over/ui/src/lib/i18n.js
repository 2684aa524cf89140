import { derived, writable } from 'svelte/store';
import de from '../i18n/de.json';
import en from '../i18n/en.json';

const tongues = { de, en };

export const tongue = writable(navigator.language.slice(0, 2) in tongues ? navigator.language.slice(0, 2) : 'de');

export const t = derived(tongue, (now) => (key, values = {}) => {
  const text = tongues[now][key] ?? en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
});
