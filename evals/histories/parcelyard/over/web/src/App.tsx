// Which screen is at which address. The depot's devices each open one of them and stay there.
import { BayMap } from "./screens/BayMap";
import { ClaimForm } from "./screens/ClaimForm";
import { ClaimInbox } from "./screens/ClaimInbox";
import { CourierPhone } from "./screens/CourierPhone";
import { PickupCounter } from "./screens/PickupCounter";
import { RoundPlanner } from "./screens/RoundPlanner";
import { ScanDesk } from "./screens/ScanDesk";

export function App({ path }: { path: string }) {
  const [, screen, number] = path.split("/");
  switch (screen) {
    case "scan":
      return <ScanDesk />;
    case "wall":
      return <BayMap />;
    case "rounds":
      return <RoundPlanner />;
    case "phone":
      return <CourierPhone round={Number(number)} />;
    case "counter":
      return <PickupCounter />;
    case "claim":
      return <ClaimForm />;
    case "claims":
      return <ClaimInbox />;
    default:
      return <p>There is no such screen.</p>;
  }
}
