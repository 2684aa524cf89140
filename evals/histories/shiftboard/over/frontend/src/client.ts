// Calls of the service: GraphQL to read, REST to change.

async function rest(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

export async function weekBoard(ward: string, monday: string) {
  const query = "query ($ward: String!, $monday: String!) { weekBoard(ward: $ward, monday: $monday) { id begins ends people } }";
  const answer = await fetch("/graphql", { method: "POST", body: JSON.stringify({ query, variables: { ward, monday } }) });
  return (await answer.json()).data.weekBoard;
}

export const assignPerson = (shift: number, person: number) => rest("POST", `/shifts/${shift}/assignments`, { person });
export const unassignPerson = (shift: number, id: number) => rest("DELETE", `/shifts/${shift}/assignments/${id}`);
export const requestSwap = (mine: number, theirs: number) => rest("POST", "/swaps", { mine, theirs });
export const acceptSwap = (swap: number) => rest("POST", `/swaps/${swap}/accept`);
export const approveSwap = (swap: number) => rest("POST", `/swaps/${swap}/approve`);
