// Open claims, dearest first. Whoever may pay signs or refuses them here.
import { useEffect, useState } from "react";
import { approveClaim, type Claim, denyClaim, listClaims } from "../api/client";

const money = new Intl.NumberFormat("en", { style: "currency", currency: "EUR" });

export function ClaimInbox() {
  const [claims, setClaims] = useState<Claim[]>([]);
  const [notice, setNotice] = useState("");

  const refresh = () => listClaims("open").then(setClaims);
  useEffect(() => {
    void refresh();
  }, []);

  async function sign(claim: Claim) {
    const { state } = await approveClaim(claim.ID);
    setNotice(`Claim ${claim.ID} is ${state}`);
    await refresh();
  }

  async function refuse(claim: Claim) {
    const reason = window.prompt("Why is nothing paid?");
    if (!reason) return;
    await denyClaim(claim.ID, reason);
    await refresh();
  }

  return (
    <section aria-label="Claims">
      {notice && <p role="status">{notice}</p>}
      <ul>
        {claims.map((claim) => (
          <li key={claim.ID}>
            {claim.Barcode}, {claim.Kind}, {money.format(claim.Cents / 100)}, {claim.Photos} photos
            <button onClick={() => sign(claim)}>Sign</button>
            <button onClick={() => refuse(claim)}>Refuse</button>
          </li>
        ))}
      </ul>
    </section>
  );
}
