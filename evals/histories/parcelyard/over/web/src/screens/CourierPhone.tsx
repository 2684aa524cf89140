// The courier's phone: the stops of a round, and two thumbs-sized buttons for each.
import { useEffect, useState } from "react";
import { type Attempt, type Stop, readRound } from "../api/client";
import { flush, pending, remember } from "../lib/pending";

export function CourierPhone({ round }: { round: number }) {
  const [stops, setStops] = useState<Stop[]>([]);
  const [waiting, setWaiting] = useState(pending().length);
  const [photo, setPhoto] = useState<string>();

  useEffect(() => {
    void readRound(round).then((found) => setStops(found.Stops));
    const send = () => flush().then(() => setWaiting(pending().length));
    window.addEventListener("online", send);
    const timer = setInterval(send, 30_000);
    return () => {
      window.removeEventListener("online", send);
      clearInterval(timer);
    };
  }, [round]);

  function tried(stop: Stop, outcome: Attempt["outcome"]) {
    remember({ round, barcode: stop.Barcode, outcome, photo });
    setPhoto(undefined);
    setWaiting(pending().length);
    setStops(stops.filter((each) => each.Barcode !== stop.Barcode));
  }

  return (
    <main aria-label="Courier phone">
      {waiting > 0 && <p role="status">{waiting} not sent yet</p>}
      <input type="file" accept="image/*" capture="environment"
        onChange={(event) => setPhoto(event.target.files?.[0]?.name)} />
      {stops.map((stop) => (
        <article key={stop.Barcode}>
          <h2>{stop.Position}. {stop.Recipient}</h2>
          <button onClick={() => tried(stop, "delivered")}>Delivered</button>
          <button onClick={() => tried(stop, "nobody")}>Nobody home</button>
        </article>
      ))}
    </main>
  );
}
