import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { Observable } from 'rxjs';

import { Appointment, Patient, Slot, Species, WaitingEntry, Weighing } from './model';

/** Every call that a screen makes, under the name that the interface gives it. */
@Injectable({ providedIn: 'root' })
export class ClinicApi {
  private readonly http = inject(HttpClient);

  freeSlots(day: string, species: Species): Observable<Slot[]> {
    return this.http.get<Slot[]>('/api/slots', { params: { day, species } });
  }

  dayPlan(day: string): Observable<Appointment[]> {
    return this.http.get<Appointment[]>('/api/appointments', { params: { day } });
  }

  bookAppointment(patientId: number, slot: Slot, reason: string, urgent: boolean): Observable<Appointment> {
    return this.http.post<Appointment>('/api/appointments', { patientId, slot, reason, urgent });
  }

  moveAppointment(id: number, slot: Slot): Observable<Appointment> {
    return this.http.put<Appointment>(`/api/appointments/${id}/slot`, slot);
  }

  checkIn(id: number): Observable<Appointment> {
    return this.http.post<Appointment>(`/api/appointments/${id}/arrival`, {});
  }

  cancelAppointment(id: number): Observable<void> {
    return this.http.delete<void>(`/api/appointments/${id}`);
  }

  recordVisit(id: number, findings: string, weight: number | null): Observable<unknown> {
    return this.http.post(`/api/appointments/${id}/visit`, { findings, weight });
  }

  searchPatients(text: string): Observable<Patient[]> {
    return this.http.get<Patient[]>('/api/patients', { params: { text } });
  }

  patientCard(id: number): Observable<Patient> {
    return this.http.get<Patient>(`/api/patients/${id}`);
  }

  weightCurve(id: number): Observable<Weighing[]> {
    return this.http.get<Weighing[]>(`/api/patients/${id}/weights`);
  }

  mergePatients(id: number, into: number): Observable<Patient> {
    return this.http.post<Patient>(`/api/patients/${id}/merge`, null, { params: { into } });
  }

  listWaiting(): Observable<WaitingEntry[]> {
    return this.http.get<WaitingEntry[]>('/api/waiting-list');
  }

  joinWaitingList(patientId: number, urgency: number, reason: string): Observable<WaitingEntry> {
    return this.http.post<WaitingEntry>('/api/waiting-list', { patientId, urgency, reason });
  }

  acceptOffer(offerId: number): Observable<Appointment> {
    return this.http.post<Appointment>(`/api/offers/${offerId}/acceptance`, {});
  }

  rosterWeek(monday: string): Observable<unknown[]> {
    return this.http.get<unknown[]>(`/api/roster/${monday}`);
  }

  reportAbsence(vetId: number, firstDay: string, lastDay: string): Observable<unknown> {
    return this.http.post('/api/absences', { vetId, firstDay, lastDay });
  }

  openLink(token: string): Observable<{ patient: string; startsAt: string; state: string }> {
    return this.http.get<{ patient: string; startsAt: string; state: string }>(`/api/links/${token}`);
  }

  answerLink(token: string, answer: 'COMING' | 'NOT_COMING'): Observable<void> {
    return this.http.post<void>(`/api/links/${token}/answer`, JSON.stringify(answer), {
      headers: { 'Content-Type': 'application/json' },
    });
  }
}
