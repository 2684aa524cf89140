// Rows of a result. Shows a notice when the service cut the result off.
const CUT_OFF_AT = 5000;

export function ResultTable({ rows }: { rows: Record<string, unknown>[] }) {
  const names = Object.keys(rows[0] ?? {});
  return (
    <>
      {rows.length >= CUT_OFF_AT && <p role="status">Only the first {CUT_OFF_AT} rows are shown.</p>}
      <table>
        <thead><tr>{names.map((name) => <th key={name}>{name}</th>)}</tr></thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{names.map((name) => <td key={name}>{String(row[name])}</td>)}</tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
