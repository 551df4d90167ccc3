// Passkeys between bytes and JSON. Browsers have this built in only since Safari 18.4, Chrome 129 and
// Firefox 119, passkeys for years: one way for all, so that what is tried in one is right in each.

/** Bytes of base64url without padding. */
const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

const text = (buffer: ArrayBuffer): string =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const keys = (listed: readonly PublicKeyCredentialDescriptorJSON[] | undefined): PublicKeyCredentialDescriptor[] =>
  (listed ?? []).map((each) => ({ ...each, id: bytes(each.id) }) as PublicKeyCredentialDescriptor);

/** What the browser is asked to make, from the JSON of the server. */
export const toMake = (asked: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions =>
  ({
    ...asked,
    extensions: asked.extensions as object,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: keys(asked.excludeCredentials),
  }) as PublicKeyCredentialCreationOptions;

/** What the browser is asked to prove, from the JSON of the server. */
export const toProve = (asked: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions =>
  ({
    ...asked,
    extensions: asked.extensions as object,
    challenge: bytes(asked.challenge),
    allowCredentials: keys(asked.allowCredentials),
  }) as PublicKeyCredentialRequestOptions;

const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"] as const;

/** What a key said, as the server reads it. */
export function said(credential: PublicKeyCredential): object {
  const answer = credential.response as AuthenticatorResponse & Partial<Record<(typeof PARTS)[number], ArrayBuffer>>;
  const parts = PARTS.filter((part) => answer[part] instanceof ArrayBuffer);
  const transports = (answer as Partial<AuthenticatorAttestationResponse>).getTransports?.();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: {
      ...Object.fromEntries(parts.map((part) => [part, text(answer[part] as ArrayBuffer)])),
      ...(transports && { transports }),
    },
  };
}
