import { HttpClient } from "@angular/common/http";
import { Injectable, inject } from "@angular/core";
import { Observable } from "rxjs";

export interface Machine {
  tag: string;
  kind: string;
  model: string;
  dayCents: number;
  depositCents: number;
  hoursAtService: number;
  lockReason: string | null;
}

export interface Hire {
  number: string;
  machineTag: string;
  startsAt: string;
  endsAt: string;
  state: "BOOKED" | "OUT" | "BACK" | "CANCELLED";
}

export interface Inspection {
  id: number;
  hireNumber: string;
  dirty: boolean;
  damaged: boolean;
  damageCents: number | null;
}

export interface JobCard {
  id: number;
  machineTag: string;
  reason: string;
  openedAt: string;
}

export interface Invoice {
  id: number;
  hireNumber: string;
  cents: number;
  state: "DRAFT" | "RELEASED";
}

@Injectable({ providedIn: "root" })
export class ToolhireApi {
  private readonly http = inject(HttpClient);
  private readonly base = "/api";

  findMachines(kind: string, from: string, to: string): Observable<Machine[]> {
    return this.http.get<Machine[]>(`${this.base}/machines`, { params: { kind, from, to } });
  }

  machinesOf(yard: string): Observable<Machine[]> {
    return this.http.get<Machine[]>(`${this.base}/machines/of/${yard}`);
  }

  noteHours(tag: string, hours: number): Observable<void> {
    return this.http.post<void>(`${this.base}/machines/${tag}/readings`, { hours });
  }

  lockMachine(tag: string, reason: string): Observable<Machine> {
    return this.http.put<Machine>(`${this.base}/machines/${tag}/lock`, { reason });
  }

  hiresOf(customerId: number): Observable<Hire[]> {
    return this.http.get<Hire[]>(`${this.base}/hires`, { params: { customerId } });
  }

  bookHire(machineTag: string, customerId: number, from: string, to: string): Observable<Hire> {
    return this.http.post<Hire>(`${this.base}/hires`, { machineTag, customerId, from, to });
  }

  handOut(number: string): Observable<Hire> {
    return this.http.post<Hire>(`${this.base}/hires/${number}/handout`, {});
  }

  prolongHire(number: string, until: string): Observable<void> {
    return this.http.post<void>(`${this.base}/hires/${number}/extension`, { until });
  }

  cancelHire(number: string): Observable<void> {
    return this.http.delete<void>(`${this.base}/hires/${number}`);
  }

  takeBack(number: string, seen: { hours: number; dirty: boolean; damaged: boolean }): Observable<Inspection> {
    return this.http.post<Inspection>(`${this.base}/hires/${number}/return`, seen);
  }

  unassessed(): Observable<Inspection[]> {
    return this.http.get<Inspection[]>(`${this.base}/returns/unassessed`);
  }

  assessDamage(id: number, text: string, cents: number): Observable<Inspection> {
    return this.http.put<Inspection>(`${this.base}/returns/${id}/damage`, { text, cents });
  }

  jobCards(): Observable<JobCard[]> {
    return this.http.get<JobCard[]>(`${this.base}/job-cards`);
  }

  finishJobCard(id: number, hours: number): Observable<void> {
    return this.http.post<void>(`${this.base}/job-cards/${id}/done`, { hours });
  }

  addCard(customerId: number, card: { machineKind: string; cardNumber: string; validUntil: string }): Observable<unknown> {
    return this.http.post(`${this.base}/customers/${customerId}/cards`, card);
  }

  draftInvoices(month: string): Observable<Invoice[]> {
    return this.http.post<Invoice[]>(`${this.base}/invoice-runs`, { month });
  }

  releaseInvoice(id: number): Observable<void> {
    return this.http.post<void>(`${this.base}/invoices/${id}/release`, {});
  }
}
