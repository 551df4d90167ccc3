import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Backoff } from "../backoff";

describe("Backoff", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits 1, 2, 4 … at most 30 seconds", () => {
    const attempt = vi.fn();
    const backoff = new Backoff(attempt);
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      attempt.mockClear();
      backoff.next();
      vi.advanceTimersByTime(seconds * 1000 - 1);
      expect(attempt).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(attempt).toHaveBeenCalledOnce();
    }
  });

  it("plans one attempt however often it is asked", () => {
    const attempt = vi.fn();
    const backoff = new Backoff(attempt);
    backoff.next();
    backoff.next();
    vi.advanceTimersByTime(60_000);
    expect(attempt).toHaveBeenCalledOnce();
  });

  it("attempts at once when told, and forgets when reset", () => {
    const attempt = vi.fn();
    const backoff = new Backoff(attempt);
    backoff.next();
    backoff.now();
    expect(attempt).toHaveBeenCalledOnce();
    backoff.next();
    backoff.reset();
    vi.advanceTimersByTime(60_000);
    expect(attempt).toHaveBeenCalledOnce();
    backoff.next();
    vi.advanceTimersByTime(1000);
    expect(attempt).toHaveBeenCalledTimes(2);
  });
});
