import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import { Observable } from 'rxjs';
import { Catch, ClockFace, Landing, Lot, Pallet, Sale, Settlement, Standing } from './model';

/** Every call to the server, one method each. */
@Injectable({ providedIn: 'root' })
export class HallApi {
  private readonly http = inject(HttpClient);

  landings(hours: number): Observable<Landing[]> {
    return this.http.get<Landing[]>('/api/landings', { params: { hours } });
  }

  register(haul: Catch): Observable<Landing> {
    return this.http.post<Landing>('/api/landings', haul);
  }

  scrap(id: number, why: string): Observable<void> {
    return this.http.delete<void>(`/api/landings/${id}`, { params: { why } });
  }

  cut(landing: number, crates: number, reserve: number): Observable<Lot> {
    return this.http.post<Lot>(`/api/landings/${landing}/lots`, { crates, reserve });
  }

  sheet(): Observable<Lot[]> {
    return this.http.get<Lot[]>('/api/lots');
  }

  probe(lot: number, celsius: number): Observable<void> {
    return this.http.post<void>(`/api/lots/${lot}/temperatures`, { celsius });
  }

  face(): Observable<ClockFace | null> {
    return this.http.get<ClockFace | null>('/api/clock');
  }

  drop(from: number): Observable<Lot> {
    return this.http.post<Lot>('/api/clock/start', null, { params: { from } });
  }

  take(paddle: number, crates: number): Observable<Sale> {
    return this.http.post<Sale>('/api/clock/stop', { paddle, crates });
  }

  paddles(): Observable<Standing[]> {
    return this.http.get<Standing[]>('/api/buyers');
  }

  ceiling(paddle: number, kroner: number): Observable<Standing> {
    return this.http.put<Standing>(`/api/buyers/${paddle}/limit`, null, { params: { kroner } });
  }

  bar(paddle: number): Observable<void> {
    return this.http.put<void>(`/api/buyers/${paddle}/suspension`, null);
  }

  readmit(paddle: number): Observable<void> {
    return this.http.delete<void>(`/api/buyers/${paddle}/suspension`);
  }

  day(day: string): Observable<Settlement[]> {
    return this.http.get<Settlement[]>(`/api/settlements/${day}`);
  }

  pay(day: string): Observable<{ paid: number }> {
    return this.http.post<{ paid: number }>(`/api/settlements/${day}/pay`, null);
  }

  pallets(): Observable<Pallet[]> {
    return this.http.get<Pallet[]>('/api/cellar');
  }

  seal(sale: number, bay: number): Observable<void> {
    return this.http.post<void>(`/api/cellar/${sale}/seal`, null, { params: { bay } });
  }

  gate(code: string): Observable<Pallet> {
    return this.http.post<Pallet>(`/api/cellar/gate/${code}`, null);
  }
}
