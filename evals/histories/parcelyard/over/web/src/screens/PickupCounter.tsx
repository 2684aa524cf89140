// The counter: a person says a code and shows a document, the clerk gives out the parcel.
import { useState } from "react";
import { collectParcel, Problem, renewCode } from "../api/client";

const LENGTH = 6;
const DOCUMENTS = ["id card", "passport", "authority"];

export function PickupCounter() {
  const [barcode, setBarcode] = useState("");
  const [code, setCode] = useState("");
  const [document, setDocument] = useState(DOCUMENTS[0]);
  const [notice, setNotice] = useState("");

  async function giveOut() {
    try {
      await collectParcel(barcode, code, document);
      setNotice("Give it out");
      setCode("");
    } catch (error) {
      setNotice(error instanceof Problem ? `${error.message} ${error.detail ?? ""}` : "No answer from the depot");
    }
  }

  async function again() {
    await renewCode(barcode);
    setNotice("A new code is on its way");
  }

  return (
    <section aria-label="Pickup counter">
      <input placeholder="Barcode" value={barcode} onChange={(event) => setBarcode(event.target.value)} />
      <input placeholder="Code" maxLength={LENGTH} value={code} onChange={(event) => setCode(event.target.value)} />
      <select value={document} onChange={(event) => setDocument(event.target.value)}>
        {DOCUMENTS.map((each) => <option key={each}>{each}</option>)}
      </select>
      <button disabled={code.length < LENGTH} onClick={giveOut}>Hand over</button>
      <button onClick={again}>Send code again</button>
      {notice && <p role="status">{notice}</p>}
    </section>
  );
}
