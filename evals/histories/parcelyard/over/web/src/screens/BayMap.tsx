// The map on the wall: every bay, how full it is, and which are closed. A click closes or opens one.
import { useEffect, useState } from "react";
import { type Bay, assignBay, closeBay, listBays } from "../api/client";

const EVERY = 15_000;

function fullness(bay: Bay): number {
  return Math.round(100 * (1 - bay.FreeLitres / bay.Litres));
}

export function BayMap() {
  const [bays, setBays] = useState<Bay[]>([]);
  const [dragged, setDragged] = useState<string>();

  const refresh = () => listBays().then(setBays);
  useEffect(() => {
    void refresh();
    const timer = setInterval(refresh, EVERY);
    return () => clearInterval(timer);
  }, []);

  async function toggle(bay: Bay) {
    const reason = bay.ClosedFor ? "" : (window.prompt("Why is it closed?") ?? "");
    await closeBay(bay.ID, !bay.ClosedFor, reason);
    await refresh();
  }

  async function drop(bay: Bay) {
    if (dragged) await assignBay(dragged, bay.ID);
    setDragged(undefined);
    await refresh();
  }

  return (
    <section aria-label="Bay map">
      <input placeholder="Barcode to move" value={dragged ?? ""} onChange={(event) => setDragged(event.target.value)} />
      <ol>
        {bays.map((bay) => (
          <li key={bay.ID} title={bay.ClosedFor || bay.Zone}>
            <button onClick={() => drop(bay)}>{bay.ID}</button>
            <meter value={fullness(bay)} max={100} />
            <button onClick={() => toggle(bay)}>{bay.ClosedFor ? "Open" : "Close"}</button>
          </li>
        ))}
      </ol>
    </section>
  );
}
