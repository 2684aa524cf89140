import { writable } from 'svelte/store';

const KEY = 'ripecellar.session';

export const session = writable(JSON.parse(localStorage.getItem(KEY) ?? 'null'));

session.subscribe((value) => {
  if (value) localStorage.setItem(KEY, JSON.stringify(value));
  else localStorage.removeItem(KEY);
});
