// What goes between a passkey and the server is the same in a browser that has no words for it built in.
import { expect, test } from "vitest";
import { said, toMake, toProve } from "../wire";

const CHALLENGE = "-_8AAQ"; // fb ff 00 01
const read = (source: BufferSource | undefined): number[] => [...(source as Uint8Array)];

test("what the server asks becomes bytes, and the rest stays as it is", () => {
  const made = toMake({
    rp: { name: "Lantern Street", id: "localhost" },
    user: { id: "AQI", name: "mira", displayName: "Mira" },
    challenge: CHALLENGE,
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ type: "public-key", id: "Aw" }],
  });
  expect([read(made.challenge), read(made.user.id)]).toEqual([[251, 255, 0, 1], [1, 2]]);
  expect(read(made.excludeCredentials?.[0]?.id)).toEqual([3]);
  expect(made.rp.id).toBe("localhost");
  const asked = toProve({ challenge: CHALLENGE, rpId: "localhost", userVerification: "required" });
  expect([read(asked.challenge), asked.allowCredentials, asked.userVerification]).toEqual([[251, 255, 0, 1], [], "required"]);
});

test("what a key says is read by the server without what the browser knows beyond it", () => {
  const buffer = Uint8Array.of(251, 255, 0, 1).buffer;
  const response = { clientDataJSON: buffer, authenticatorData: buffer, signature: buffer, userHandle: null };
  const key = { id: CHALLENGE, rawId: buffer, type: "public-key", authenticatorAttachment: null, response, getClientExtensionResults: () => ({}) };
  expect(JSON.parse(JSON.stringify(said(key as unknown as PublicKeyCredential)))).toEqual({
    id: CHALLENGE,
    rawId: CHALLENGE,
    type: "public-key",
    clientExtensionResults: {},
    response: { clientDataJSON: CHALLENGE, authenticatorData: CHALLENGE, signature: CHALLENGE },
  });
});
