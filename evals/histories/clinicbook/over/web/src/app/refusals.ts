/** What people read when the server says no, by the code of the problem. */
const SENTENCES: Record<string, string> = {
  'slot-taken': 'Somebody else just took this time. The list is up to date again.',
  'too-soon': 'This is less than 45 minutes away. Tick "urgent" if it cannot wait.',
  'too-late': 'It is too late to cancel here. Please call us.',
  'link-spent': 'You have answered already. Please call us if something changed.',
};

export function sentenceOf(error: { error?: { code?: string } }): string {
  return SENTENCES[error.error?.code ?? ''] ?? 'That did not work. Please try again.';
}
