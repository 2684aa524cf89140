export const kilos = (grams) => `${(grams / 1000).toFixed(3)} kg`;

export const francs = (rappen) => `CHF ${Math.floor(rappen / 100)}.${String(rappen % 100).padStart(2, '0')}`;

export const day = (iso) => new Date(iso).toLocaleDateString('de-CH');
