export interface Catch {
  callsign: string;
  species: string;
  grade: string;
  crates: number;
  grossGrams: number;
}

export interface Landing {
  id: number;
  callsign: string;
  species: string;
  speciesName: string;
  grade: string;
  crates: number;
  kilos: number;
  weighedAt: string;
  isVoid: boolean;
}

export interface Lot {
  id: number;
  landing: number;
  speciesName: string;
  grade: string;
  crates: number;
  kilos: number;
  reserveKroner: number;
  state: string;
  warm: boolean;
}

export interface ClockFace {
  lot: Lot;
  fromPrice: number;
  startedAt: string;
  serverTime: string;
}

export interface Sale {
  id: number;
  lot: number;
  paddle: number;
  crates: number;
  kronerPerKilo: number;
  kroner: number;
}

export interface Standing {
  paddle: number;
  name: string;
  limit: number;
  open: number;
  left: number;
  suspended: boolean;
}

export interface Settlement {
  id: number;
  vessel: string;
  day: string;
  grossOre: number;
  feeOre: number;
  paid: boolean;
}

export interface Pallet {
  saleId: number;
  paddle: number;
  gateCode: string;
  bay: number | null;
  sealedAt: string | null;
}
