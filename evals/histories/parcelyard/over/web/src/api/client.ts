// Calls of the service, one for each operation of api/parcelyard.yaml that a screen needs.

export class Problem extends Error {
  constructor(readonly status: number, title: string, readonly detail?: string) {
    super(title);
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const answer = await fetch(`/v1${path}`, {
    method,
    headers: { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!answer.ok) {
    const { title, detail } = await answer.json();
    throw new Problem(answer.status, title, detail);
  }
  return (answer.status === 204 || answer.status === 202 ? undefined : await answer.json()) as T;
}

export interface Bay {
  ID: string;
  Zone: string;
  ClosedFor: string;
  Litres: number;
  FreeLitres: number;
}

export interface Stop {
  Position: number;
  Barcode: string;
  Recipient: string;
}

export interface Attempt {
  clientId: string;
  round: number;
  barcode: string;
  outcome: "delivered" | "nobody" | "refused";
  triedAt: string;
  photo?: string;
}

export interface Claim {
  ID: number;
  Barcode: string;
  Kind: "damaged" | "lost";
  Cents: number;
  Photos: number;
}

export interface Arrival {
  barcode: string;
  zone: string;
  litres: number;
  grams: number;
  recipient: string;
  phone: string;
}

const at = encodeURIComponent;

export const receiveParcel = (parcel: Arrival) => call<{ barcode: string; bay: string }>("POST", "/parcels", parcel);
export const assignBay = (barcode: string, bay: string) => call<void>("PUT", `/parcels/${at(barcode)}/bay`, { bay });
export const collectParcel = (barcode: string, code: string, document: string) =>
  call<void>("POST", `/parcels/${at(barcode)}/handover`, { code, document });
export const renewCode = (barcode: string) => call<void>("POST", `/parcels/${at(barcode)}/codes`);
export const listBays = () => call<Bay[]>("GET", "/bays");
export const closeBay = (bay: string, closed: boolean, reason: string) =>
  call<void>("PUT", `/bays/${at(bay)}/closed`, { closed, reason });
export const planRound = (courier: string, zone: string, day: string) =>
  call<{ id: number; stops: number }>("POST", "/rounds", { courier, zone, day });
export const readRound = (round: number) => call<{ ID: number; Stops: Stop[] }>("GET", `/rounds/${round}`);
export const startRound = (round: number) => call<void>("POST", `/rounds/${round}/departure`);
export const sendAttempts = (batch: Attempt[]) => call<{ taken: number }>("POST", "/attempts", batch);
export const listClaims = (state: string) => call<Claim[]>("GET", `/claims?state=${at(state)}`);
export const openClaim = (barcode: string, kind: Claim["Kind"], cents: number, photos: string[]) =>
  call<{ id: number }>("POST", "/claims", { barcode, kind, cents, photos });
export const approveClaim = (claim: number) => call<{ state: string }>("POST", `/claims/${claim}/signatures`);
export const denyClaim = (claim: number, reason: string) => call<void>("PUT", `/claims/${claim}/refusal`, { reason });
