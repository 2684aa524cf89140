import { describe, expect, it } from "vitest";
import { counted, duration, measure, recently, remaining, share, size } from "../../src/numbers.ts";

describe("numbers", () => {
  it("are counted with their noun", () => {
    expect([counted(0, "file"), counted(1, "file"), counted(3515, "file")]).toEqual([
      "0 files",
      "1 file",
      "3,515 files",
    ]);
  });

  it("of a share are never 100 % while anything is left", () => {
    expect([share(99_999, 100_000), share(1, 3), share(5, 5), share(0, 0)]).toEqual([
      "99.9 %",
      "33.3 %",
      "100 %",
      "100 %",
    ]);
  });

  it("have the unit that fits", () => {
    expect([size(1), size(512), size(1_531_904), size(1_117_320_768)]).toEqual([
      "1 byte",
      "512 bytes",
      "1.5 MiB",
      "1.0 GiB",
    ]);
    expect([duration(0.029), duration(5.17), duration(124.7), duration(1164)]).toEqual([
      "0.03 ms",
      "5.2 ms",
      "125 ms",
      "1.16 s",
    ]);
    expect([remaining(0.2), remaining(59), remaining(61)]).toEqual(["1 s", "59 s", "2 min"]);
    expect([measure(79), measure(0.225_74), measure(1204)]).toEqual(["79", "0.2257", "1,204"]);
  });
});

describe("a moment", () => {
  const then = new Date(2026, 10, 25, 9, 5, 7);

  it("of today is a time", () => {
    expect(recently(then.getTime() / 1000, new Date(2026, 10, 25, 23, 0))).toBe("09:05:07");
  });

  it("of another day has its date", () => {
    expect(recently(then.getTime() / 1000, new Date(2026, 10, 26, 1, 0))).toBe("25 Nov 2026, 09:05:07");
  });
});
