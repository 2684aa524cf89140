import { expect, test } from 'vitest';
import type { Singer, Voice } from '../members/singer.entity';
import { arrange, ROWS } from './seating.service';

function singer(id: number, voice: Voice): Singer {
  return { id, voice, name: `Singer ${id}`, mail: null, joinedOn: '2024-01-01', leftOn: null };
}

test('everybody gets a place', () => {
  const rows = arrange(Array.from({ length: 10 }, (_, id) => singer(id, 'A1')));
  expect(rows).toHaveLength(ROWS);
  expect(rows.flat()).toHaveLength(10);
});
