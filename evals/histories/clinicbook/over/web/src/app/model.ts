/** What the server sends, as far as the screens look at it. */

export type Species = 'DOG' | 'CAT' | 'RABBIT' | 'RODENT' | 'BIRD' | 'REPTILE';

export interface Slot {
  vetId: number;
  roomId: number;
  startsAt: string;
  endsAt: string;
}

export interface Patient {
  id: number;
  name: string;
  species: Species;
  chipNumber?: string;
  keeper: { fullName: string; mobileNumber?: string };
}

export interface Appointment {
  id: number;
  patient: Patient;
  startsAt: string;
  state: 'BOOKED' | 'CONFIRMED' | 'ARRIVED' | 'DONE' | 'CANCELLED' | 'MISSED';
  reason?: string;
}

export interface WaitingEntry {
  id: number;
  patient: Patient;
  urgency: 1 | 2 | 3;
  joinedAt: string;
  openOfferId?: number;
}

export interface Weighing {
  at: string;
  weight: number;
}
