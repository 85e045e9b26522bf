const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes as people read it, in decimal units: `98 MB`, `1.1 GB`. */
export function formatBytes(bytes: number): string {
  const scaled = units.map((unit, power) => ({ unit, amount: bytes / 1000 ** power }));
  const { unit, amount } = scaled.findLast((entry) => entry.amount >= 1) ?? { unit: 'B', amount: bytes };
  const hasFraction = amount < 10 && unit !== 'B' && unit !== 'kB';
  return `${amount.toFixed(hasFraction ? 1 : 0)} ${unit}`;
}

/** A span of time as people read it: `8 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
