import { push } from 'svelte-spa-router';
import { get } from 'svelte/store';
import { session } from './session.js';

async function call(method, path, body) {
  const answer = await fetch(`/api${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-Session': get(session)?.token ?? '' },
    body: body === undefined ? undefined : JSON.stringify(body)
  });
  if (answer.status === 403 && path !== '/sessions') push('/login');
  if (!answer.ok) throw await answer.json();
  return answer.status === 204 ? null : answer.json();
}

export const logIn = (pin) => call('POST', '/sessions', { pin });
export const listLots = () => call('GET', '/lots');
export const receiveLot = (lot) => call('POST', '/lots', lot);
export const holdLot = (code, held) => call('POST', `/lots/${code}/hold`, { held });
export const showRacks = (room) => call('GET', `/racks?room=${room}`);
export const shelveWheel = (wheel, to) => call('POST', '/racks/moves', { wheel, to });
export const swapWheels = (first, second) => call('POST', '/racks/moves', { first, second });
export const todaysCare = () => call('GET', '/care/today');
export const tickCare = (task) => call('POST', `/care/${task}/done`);
export const roomsNow = () => call('GET', '/climate/rooms');
export const silenceAlarm = (alarm) => call('POST', `/climate/alarms/${alarm}/seen`);
export const lotsToTaste = () => call('GET', '/tastings/waiting');
export const recordTasting = (tasting) => call('POST', '/tastings', tasting);
export const pickingList = () => call('GET', '/picking');
export const weighWheel = (order, wheel, grams) => call('POST', `/picking/${order}/weigh`, { wheel, grams });
export const shipOrder = (order) => call('POST', `/picking/${order}/send`);
export const startRecall = (code, reason) => call('POST', `/lots/${code}/recall`, { reason });
export const recallStatus = (code) => call('GET', `/lots/${code}/recall`);
export const weightLoss = () => call('GET', '/reports/loss');
