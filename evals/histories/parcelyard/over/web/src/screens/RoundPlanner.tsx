// The dispatcher's screen: a round for a courier and a zone, and the van leaves.
import { useState } from "react";
import { planRound, Problem, startRound } from "../api/client";

const ZONES = ["north", "east", "south", "west"];

export function RoundPlanner() {
  const [courier, setCourier] = useState("");
  const [zone, setZone] = useState(ZONES[0]);
  const [round, setRound] = useState<{ id: number; stops: number }>();
  const [notice, setNotice] = useState("");

  async function plan() {
    try {
      setRound(await planRound(courier, zone, new Date().toISOString().slice(0, 10)));
      setNotice("");
    } catch (error) {
      setNotice(error instanceof Problem ? error.message : "No answer from the depot");
    }
  }

  async function depart() {
    if (!round) return;
    await startRound(round.id);
    setNotice(`Round ${round.id} is on the road`);
    setRound(undefined);
  }

  return (
    <section aria-label="Round planner">
      <input placeholder="Courier" value={courier} onChange={(event) => setCourier(event.target.value)} />
      <select value={zone} onChange={(event) => setZone(event.target.value)}>
        {ZONES.map((each) => <option key={each}>{each}</option>)}
      </select>
      <button onClick={plan}>Plan</button>
      {round && <p>{round.stops} stops</p>}
      <button disabled={!round} onClick={depart}>Depart</button>
      {notice && <p role="status">{notice}</p>}
    </section>
  );
}
