// Proposals of a machine are settled one by one, however slow the line is.
import { parseHTML } from "linkedom";
import { beforeEach, expect, test, vi } from "vitest";
import type { Labels } from "../labels";
import { Proposals } from "../proposals";
import type { Steps, Values } from "../steps";
import type { Told } from "../sync";

beforeEach(() => vi.stubGlobal("document", parseHTML("<html><body></body></html>").document));

test("a second press before the answer to the first takes up the next proposal", async () => {
  const asked: Values[] = [];
  const answers: ((told: Told) => void)[] = [];
  const act = (values: Values): Promise<Told> => {
    asked.push(values);
    return new Promise((done) => answers.push(done));
  };
  const steps: object[] = [];
  const proposals = new Proposals({
    labels: { proposed: "" } as Labels,
    steps: { add: (step: object) => steps.push(step) } as unknown as Steps,
    now: () => 0,
    act,
    changed: () => undefined,
    focus: () => undefined,
    say: () => undefined,
  });
  proposals.take([{ id: 1, start: 0, end: 900 }, { id: 2, start: 1000, end: 1900 }]);
  const presses = [proposals.takeUp(), proposals.takeUp(), proposals.takeUp()];
  expect(asked.map(({ proposals: ids }) => ids)).toEqual(["[1]", "[2]"]);
  for (const answer of answers) answer({} as Told);
  await Promise.all(presses);
  expect(steps).toHaveLength(2);
  expect(proposals.spans).toEqual([]);
});
