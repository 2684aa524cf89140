// What a clerk fills in when somebody brings a crushed box, or comes without one.
import { useState } from "react";
import { type Claim, openClaim, Problem } from "../api/client";

export function ClaimForm() {
  const [barcode, setBarcode] = useState("");
  const [kind, setKind] = useState<Claim["Kind"]>("damaged");
  const [euros, setEuros] = useState("");
  const [photos, setPhotos] = useState<string[]>([]);
  const [notice, setNotice] = useState("");

  async function submit() {
    try {
      const { id } = await openClaim(barcode, kind, Math.round(Number(euros.replace(",", ".")) * 100), photos);
      setNotice(`Claim ${id} is open`);
    } catch (error) {
      setNotice(error instanceof Problem ? error.message : "No answer from the depot");
    }
  }

  return (
    <section aria-label="Claim form">
      <input placeholder="Barcode" value={barcode} onChange={(event) => setBarcode(event.target.value)} />
      <select value={kind} onChange={(event) => setKind(event.target.value as Claim["Kind"])}>
        <option>damaged</option>
        <option>lost</option>
      </select>
      <input placeholder="Amount in euros" value={euros} onChange={(event) => setEuros(event.target.value)} />
      <input type="file" multiple accept="image/*"
        onChange={(event) => setPhotos([...(event.target.files ?? [])].map((file) => file.name))} />
      <button onClick={submit}>Open claim</button>
      {notice && <p role="status">{notice}</p>}
    </section>
  );
}
