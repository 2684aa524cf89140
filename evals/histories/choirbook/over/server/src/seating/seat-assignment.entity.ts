import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where somebody stands on one evening. */
@Entity()
export class SeatAssignment {
  @PrimaryColumn({ name: 'rehearsal_id' })
  rehearsalId!: number;

  @PrimaryColumn({ name: 'singer_id' })
  singerId!: number;

  @Column()
  row!: number;

  @Column()
  place!: number;
}
