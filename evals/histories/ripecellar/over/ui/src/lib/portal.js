const PLACE = `
  mutation Place($wantedOn: String!, $lines: [LineInput!]!) {
    placeOrder(wantedOn: $wantedOn, lines: $lines) { id state }
  }`;

const DROP = `
  mutation Drop($line: ID!) {
    dropLine(line: $line) { id lines { id sort wheels } }
  }`;

const CONFIRM = `
  mutation Off($lot: String!) {
    confirmRecall(lot: $lot)
  }`;

const START = `
  query Start {
    me { name }
    assortment { sort free rappenPerKilo }
    orders(last: 5) { id wantedOn state lines { id sort wheels } }
  }`;

async function ask(token, query, variables = {}) {
  const answer = await fetch(`/portal/${token}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables })
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(errors[0].message);
  return data;
}

export const start = (token) => ask(token, START);
export const order = (token, wantedOn, lines) => ask(token, PLACE, { wantedOn, lines });
export const strike = (token, line) => ask(token, DROP, { line });
export const offCounter = (token, lot) => ask(token, CONFIRM, { lot });
