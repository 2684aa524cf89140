// The desk at the belt: a scanner types a barcode, the scale adds the rest, the screen shows a bay.
import { type FormEvent, useState } from "react";
import { type Arrival, Problem, receiveParcel } from "../api/client";

interface Scale {
  litres: number;
  grams: number;
}

export function ScanDesk({ scale = { litres: 0, grams: 0 } }: { scale?: Scale }) {
  const [label, setLabel] = useState({ barcode: "", zone: "", recipient: "", phone: "" });
  const [notice, setNotice] = useState<{ tone: "good" | "bad"; text: string }>();

  async function receive(event: FormEvent) {
    event.preventDefault();
    const parcel: Arrival = { ...label, ...scale };
    try {
      const { bay } = await receiveParcel(parcel);
      setNotice({ tone: "good", text: `Put it into ${bay}` });
      setLabel({ barcode: "", zone: "", recipient: "", phone: "" });
    } catch (error) {
      const full = error instanceof Problem && error.status === 507;
      setNotice({ tone: "bad", text: full ? "Depot full: leave it on the belt" : "Not booked in" });
    }
  }

  return (
    <form aria-label="Scan desk" onSubmit={receive}>
      <input autoFocus placeholder="Barcode" value={label.barcode}
        onChange={(event) => setLabel({ ...label, barcode: event.target.value })} />
      <input placeholder="Zone" value={label.zone}
        onChange={(event) => setLabel({ ...label, zone: event.target.value })} />
      <input placeholder="Recipient" value={label.recipient}
        onChange={(event) => setLabel({ ...label, recipient: event.target.value })} />
      <input placeholder="Phone" value={label.phone}
        onChange={(event) => setLabel({ ...label, phone: event.target.value })} />
      <button type="submit">Book in</button>
      {notice && <p role="status" className={notice.tone}>{notice.text}</p>}
    </form>
  );
}
