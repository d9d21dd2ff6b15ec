// Passkeys. A form with data-passkey is shown if the browser supports them. Its button asks the browser, puts the answer
// into the field `credential`, and sends the form. data-passkey says what is requested:
//   sign-in   any passkey of this site; the challenge is fetched, so that it is fresh however long the page was open
//   get       one of this user's passkeys; the challenge is on the page
//   create    a new passkey; the challenge is on the page

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withBytes = (listed = []) => listed.map((one) => ({ ...one, id: toBytes(one.id) }));

function forNew({ publicKey }, isAlone) {
  return {
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      user: { ...publicKey.user, id: toBytes(publicKey.user.id) },
      excludeCredentials: withBytes(publicKey.excludeCredentials),
      authenticatorSelection: {
        ...publicKey.authenticatorSelection,
        residentKey: isAlone ? "required" : "discouraged",
        requireResidentKey: isAlone,
        userVerification: isAlone ? "required" : publicKey.authenticatorSelection?.userVerification ?? "preferred",
      },
    },
  };
}

function forKnown({ publicKey }) {
  return {
    publicKey: {
      ...publicKey,
      challenge: toBytes(publicKey.challenge),
      allowCredentials: withBytes(publicKey.allowCredentials),
    },
  };
}

function asJson(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  if (answer.attestationObject) {
    response.attestationObject = toText(answer.attestationObject);
    response.transports = answer.getTransports?.() ?? [];
  } else {
    response.authenticatorData = toText(answer.authenticatorData);
    response.signature = toText(answer.signature);
    response.userHandle = answer.userHandle ? toText(answer.userHandle) : null;
  }
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

const written = () => JSON.parse(document.getElementById("passkeyOptions").textContent);

async function fetched(form) {
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The question for passkeys: ${answer.status}`);
  return answer.json();
}

async function ask(form) {
  if (form.dataset.passkey === "create") {
    const isAlone = form.elements.passwordless?.checked ?? false;
    return navigator.credentials.create(forNew(written().creation_options, isAlone));
  }
  const question = form.dataset.passkey === "sign-in" ? await fetched(form) : written();
  return navigator.credentials.get(forKnown(question.request_options));
}

async function press(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const trouble = form.querySelector("[data-trouble]");
  trouble.hidden = true;
  try {
    form.elements.credential.value = asJson(await ask(form));
  } catch (error) {
    trouble.textContent = error instanceof DOMException ? trouble.dataset.refused : trouble.dataset.failed;
    trouble.hidden = false;
    return;
  }
  form.submit();
}

const isOffered = Boolean(window.PublicKeyCredential && navigator.credentials);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !isOffered;
  form.addEventListener("submit", press);
}
for (const word of document.querySelectorAll("[data-no-passkeys]")) word.hidden = isOffered;
