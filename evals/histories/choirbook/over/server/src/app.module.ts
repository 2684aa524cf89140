// Everything that the service is put together from.
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Concert, ProgrammeItem } from './concerts/concert.entities';
import { ConcertsResolver } from './concerts/concerts.resolver';
import { ConcertsService } from './concerts/concerts.service';
import { LibraryController } from './library/library.controller';
import { CopyLoan, Piece, ScanPage, SheetCopy } from './library/library.entities';
import { LoansService } from './library/loans.service';
import { ScansController } from './library/scans.controller';
import { MembersController } from './members/members.controller';
import { MembersService } from './members/members.service';
import { Singer } from './members/singer.entity';
import { AttendanceService } from './rehearsals/attendance.service';
import { AttendanceMark, Rehearsal } from './rehearsals/rehearsal.entities';
import { RehearsalsResolver } from './rehearsals/rehearsals.resolver';
import { RehearsalsService } from './rehearsals/rehearsals.service';
import { Mailer, MailSent } from './reminders/mailer';
import { RemindersService } from './reminders/reminders.service';
import { SeatAssignment } from './seating/seat-assignment.entity';
import { SeatingResolver } from './seating/seating.resolver';
import { SeatingService } from './seating/seating.service';

const tables = [
  Singer, Rehearsal, AttendanceMark, Piece, SheetCopy, CopyLoan, ScanPage, Concert, ProgrammeItem, SeatAssignment, MailSent,
];

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url: process.env.CHOIRBOOK_DATABASE, entities: tables, synchronize: false }),
    TypeOrmModule.forFeature(tables),
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, typePaths: ['./schema.graphql'] }),
    ScheduleModule.forRoot(),
  ],
  controllers: [MembersController, LibraryController, ScansController],
  providers: [
    MembersService, RehearsalsResolver, RehearsalsService, AttendanceService, LoansService, ConcertsResolver,
    ConcertsService, SeatingResolver, SeatingService, RemindersService, Mailer,
  ],
})
export class AppModule {}
