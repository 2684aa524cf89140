// Runs the documents of graphql/ against the service.
import { type DocumentNode, print } from 'graphql';

export async function run<T>(document: DocumentNode, variables: Record<string, unknown> = {}): Promise<T> {
  const answer = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const { data, errors } = await answer.json();
  if (errors?.length) throw new Error(errors[0].message);
  return data;
}
