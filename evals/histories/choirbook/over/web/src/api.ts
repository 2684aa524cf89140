// The endpoints of the members and of the library. Everything else is GraphQL, see graphql.ts.
export interface Piece { id: number; title: string; composer: string; shelfMark: string }
export interface Copy { number: number; pieceId: number; withdrawnAt: string | null }
export interface Loan { id: number; copyNumber: number; singerId: number; dueOn: string }
export interface Member { id: number; name: string; voice: string }

export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  const headers = body && !isForm ? { 'content-type': 'application/json' } : undefined;
  const sent = isForm ? body : body && JSON.stringify(body);
  const answer = await fetch(`/api${path}`, { method, headers, body: sent as BodyInit | undefined });
  if (!answer.ok) throw new Refused(answer.status, (await answer.json()).message);
  return answer.status === 204 ? (undefined as T) : answer.json();
}

export const members = () => call<Member[]>('GET', '/members');
export const switchVoice = (id: number, voice: string) => call<Member>('PATCH', `/members/${id}/voice`, { voice });
export const sayGoodbye = (id: number) => call<void>('DELETE', `/members/${id}`);

export const findPieces = (words: string) => call<Piece[]>('GET', `/library/pieces?q=${encodeURIComponent(words)}`);
export const copies = (piece: number) => call<Copy[]>('GET', `/library/pieces/${piece}/copies`);
export const lendCopy = (copy: number, singerId: number) => call<Loan>('POST', `/library/copies/${copy}/loan`, { singerId });
export const takeBack = (copy: number) => call<void>('POST', `/library/copies/${copy}/return`);

export const pageAddress = (piece: number, page: number) => `/api/scans/${piece}/${page}`;
export function uploadPage(piece: number, page: number, image: File, rightsUntil: string): Promise<unknown> {
  const form = new FormData();
  form.append('image', image);
  form.append('rightsUntil', rightsUntil);
  return call('POST', `/scans/${piece}/${page}`, form);
}
