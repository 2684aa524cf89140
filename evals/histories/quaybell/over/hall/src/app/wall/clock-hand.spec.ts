import { ClockFace } from '../core/model';
import { priceNow, skewOf } from './clock-hand';

describe('clock hand', () => {
  const face = { fromPrice: 9000, startedAt: '2024-02-01T06:00:00Z', serverTime: '2024-02-01T06:00:05Z' } as ClockFace;
  const start = Date.parse(face.startedAt);

  it('begins at the first price', () => {
    expect(priceNow(face, 0, start)).toBe(9000);
  });

  it('never goes below zero', () => {
    expect(priceNow(face, 0, start + 3_600_000)).toBe(0);
  });

  it('knows that our watch is late', () => {
    expect(skewOf(face, start)).toBe(5000);
  });
});
