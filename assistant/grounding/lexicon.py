"""The words of time in seven languages: what each means to the parser of schedules.

A table is one line for each meaning: `KIND value: phrase, phrase`. Phrases are folded (no accents).
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from assistant.grounding.numbers import NUMBERS

_EN = """
EVERY: every, each, every single, on every, all
OTHER 2: every other, every alternate, alternate, alternating, each other
UNIT minute: minute, minutes, min, mins
UNIT hour: hour, hours, hr, hrs
UNIT day: day, days
UNIT week: week, weeks
UNIT month: month, months
UNIT year: year, years
UNIT quarter: quarter, quarters
UNIT second: second, seconds, sec, secs
DAY 1: monday, mon
DAY 2: tuesday, tue, tues
DAY 3: wednesday, wed, weds
DAY 4: thursday, thu, thur, thurs
DAY 5: friday, fri
DAY 6: saturday, sat
DAY 0: sunday, sun
DAYS 1: mondays, mons
DAYS 2: tuesdays
DAYS 3: wednesdays
DAYS 4: thursdays
DAYS 5: fridays
DAYS 6: saturdays
DAYS 0: sundays
WEEKDAYS: weekday, weekdays, week days, working day, working days, workday, workdays, work day, work days, business day, business days, week day
WEEKEND: weekend, weekends
MONTH 1: january, jan
MONTH 2: february, feb
MONTH 3: march
MONTH 4: april, apr
MONTH 5: may
MONTH 6: june, jun
MONTH 7: july, jul
MONTH 8: august, aug
MONTH 9: september, sept, sep
MONTH 10: october, oct
MONTH 11: november, nov
MONTH 12: december, dec
ORD -1: last, final
ORD 1: first
ORD 2: second
ORD 3: third
ORD 4: fourth
ORD 5: fifth
ORD 6: sixth
ORD 7: seventh
ORD 8: eighth
ORD 9: ninth
ORD 10: tenth
ORD 11: eleventh
ORD 12: twelfth
ORD 13: thirteenth
ORD 14: fourteenth
ORD 15: fifteenth
ORD 16: sixteenth
ORD 17: seventeenth
ORD 18: eighteenth
ORD 19: nineteenth
ORD 20: twentieth
ORD 21: twenty-first, twenty first
ORD 22: twenty-second, twenty second
ORD 23: twenty-third, twenty third
ORD 24: twenty-fourth, twenty fourth
ORD 25: twenty-fifth, twenty fifth
ORD 26: twenty-sixth
ORD 27: twenty-seventh
ORD 28: twenty-eighth, twenty eighth
ORD 29: twenty-ninth
ORD 30: thirtieth
ORD 31: thirty-first
PART morning: morning, mornings, in the morning, in the mornings, of the morning
PART afternoon: afternoon, afternoons, in the afternoon, in the afternoons
PART evening: evening, evenings, in the evening, in the evenings, tonight
PART night: night, nights, at night
PART dawn: dawn, daybreak
NOON: noon, midday, mid-day, lunchtime, lunch time, 12 noon
MIDNIGHT: midnight, 12 midnight
ADV day: daily, everyday, once daily, once a day, once per day, day in day out
ADV hour: hourly, once an hour, once every hour, on the hour, every hour on the hour
ADV week: weekly, once a week, once per week
ADV month: monthly, once a month, once per month
ADV year: yearly, annually, once a year, once per year
ADV quarter: quarterly, once a quarter
ADV night: nightly
ADV fortnight: fortnightly, biweekly, bi-weekly, every fortnight, once a fortnight
ADV minute: minutely
ADV bimonth: bi-monthly, bimonthly
ADV office: during business hours, during office hours, during working hours, in business hours, in office hours
AT: at, @, at around, at about, at exactly, at precisely
BY: by, around, before
FILL: on, the, in, of, of the, in the, on the, during, for, starting, a, an, past the, past
AND: and, as well as, plus
TO: to, through, thru, until, till
FROM: from, between
EXCEPT: except, except on, except for, but not, but not on, excluding, other than
PER: a, an, per, each, every
TIMES 2: twice
TIMES 3: thrice
TIMES: times
AM: am, a.m., a.m
PM: pm, p.m., p.m
OCLOCK: o'clock, oclock, hours, hrs
HALFPAST: half past, half
QUARTERPAST: quarter past, a quarter past, quarter after
QUARTERTO: quarter to, a quarter to, quarter of, quarter before
PAST: past, after
BEFORE: to, before
HALF: half, half an, half a
QUARTER: quarter of an, quarter
EARLIER: earlier, sooner
LATER: later
ANIN: an, a, one
AGO: last, past, previous, preceding, latest, recent, the last, the past, within the last, in the last, over the last, from the last, within
ONESPAN 1d: today, yesterday, since yesterday, from yesterday, today's, yesterday's
ONESPAN 7d: this week, last week, past week, the past week, the last week, this week's, last week's, of the week
ONESPAN 30d: this month, last month, past month, the past month, this month's, last month's
ONESPAN 365d: this year, last year, past year, the past year
ONEOFF: tomorrow, tomorrow morning, tomorrow evening, next, this coming, the day after tomorrow
DAYWORD: day, the
"""

_DE = """
EVERY: jeden, jede, jedes, jeder, jedem, alle, an jedem, in jeder
OTHER 2: jeden zweiten, jede zweite, jedes zweite, jeder zweite, alle zwei
UNIT minute: minute, minuten, min
UNIT hour: stunde, stunden, std
UNIT day: tag, tage, tagen, tages
UNIT week: woche, wochen
UNIT month: monat, monate, monats, monaten
UNIT year: jahr, jahre, jahres, jahren
UNIT quarter: quartal, quartals, quartale
UNIT second: sekunde, sekunden, sek
DAY 1: montag, mo
DAY 2: dienstag, di
DAY 3: mittwoch, mi
DAY 4: donnerstag, do
DAY 5: freitag, fr
DAY 6: samstag, sonnabend, sa
DAY 0: sonntag, so
DAYS 1: montags
DAYS 2: dienstags
DAYS 3: mittwochs
DAYS 4: donnerstags
DAYS 5: freitags
DAYS 6: samstags, sonnabends
DAYS 0: sonntags
DAYPART: montagmorgen, dienstagmorgen
WEEKDAYS: werktags, werktag, werktage, werktagen, wochentags, wochentag, wochentage, arbeitstag, arbeitstage, arbeitstagen, unter der woche, an werktagen, an wochentagen, an arbeitstagen
WEEKEND: wochenende, wochenenden, am wochenende, wochenends
MONTH 1: januar, janner
MONTH 2: februar, feber
MONTH 3: marz
MONTH 4: april
MONTH 5: mai
MONTH 6: juni
MONTH 7: juli
MONTH 8: august
MONTH 9: september
MONTH 10: oktober
MONTH 11: november
MONTH 12: dezember
ORD -1: letzten, letzter, letzte, letztes, letztem
ORD 1: ersten, erster, erste, erstes
ORD 2: zweiten, zweiter, zweite, zweites
ORD 3: dritten, dritter, dritte
ORD 4: vierten, vierter, vierte
ORD 5: funften
ORD 10: zehnten
ORD 15: funfzehnten
ORD 20: zwanzigsten
PART morning: morgen, morgens, fruh, vormittag, vormittags, am morgen, am vormittag, in der fruh, morgends
PART afternoon: nachmittag, nachmittags, am nachmittag
PART evening: abend, abends, am abend
PART night: nacht, nachts, in der nacht
NOON: mittag, mittags, am mittag
MIDNIGHT: mitternacht
ADV day: taglich, einmal am tag, einmal taglich, tagtaglich
ADV hour: stundlich, zur vollen stunde, einmal pro stunde
ADV week: wochentlich, einmal pro woche, einmal die woche, einmal in der woche
ADV month: monatlich, einmal im monat, einmal pro monat
ADV year: jahrlich, einmal im jahr, einmal pro jahr
ADV quarter: quartalsweise, vierteljahrlich, einmal im quartal
ADV fortnight: zweiwochentlich, vierzehntaglich, alle zwei wochen, alle vierzehn tage, jede zweite woche
ADV minute: minutlich
ADV office: wahrend der burozeiten, zu burozeiten, wahrend der arbeitszeit
AT: um, gegen, um punkt
FILL: am, an, im, in, der, des, den, dem, die, das, vom, zum, jeweils, immer, ab, zu
AND: und, sowie
TO: bis, bis zum, bis zu
FROM: von, zwischen, ab
EXCEPT: außer, ausser, außer am, ausser am, nicht am, ohne
PER: am, pro, im, die, in der
TIMES 2: zweimal
TIMES 3: dreimal
TIMES 4: viermal
TIMES: mal
OCLOCK: uhr
HALFTO: halb
QUARTERPAST: viertel nach
QUARTERTO: viertel vor
THREEQUARTERS: dreiviertel
PAST: nach
BEFORE: vor
HALF: halbe, halben, halbstunde
QUARTER: viertel
EARLIER: fruher
LATER: spater
ANIN: eine, einen, ein, einer
AGO: letzten, letzte, letzter, vergangenen, vergangene, der letzten, den letzten, die letzten, der vergangenen, den vergangenen, in den letzten, aus den letzten
ONESPAN 1d: heute, gestern, seit gestern, von heute, von gestern
ONESPAN 7d: diese woche, dieser woche, letzte woche, letzter woche, letzten woche, vergangene woche, vergangenen woche, der woche
ONESPAN 30d: diesen monat, diesem monat, dieses monats, letzten monat, letzten monats, im letzten monat
ONESPAN 365d: dieses jahr, diesem jahr, letztes jahr
ONEOFF: ubermorgen, nachsten, nachste, nachstes, kommenden, morgen um, morgen fruh
"""

_FR = """
EVERY: chaque, tous les, toutes les, tous, toutes, le, les
EVERYSTRONG: chaque, tous les, toutes les
OTHER 2: tous les deux, toutes les deux
UNIT minute: minute, minutes, min
UNIT hour: heure, heures
UNIT day: jour, jours
UNIT week: semaine, semaines
UNIT month: mois
UNIT year: an, ans, annee, annees
UNIT quarter: trimestre, trimestres
UNIT second: seconde, secondes
DAY 1: lundi, lun
DAY 2: mardi
DAY 3: mercredi, mer
DAY 4: jeudi, jeu
DAY 5: vendredi, ven
DAY 6: samedi, sam
DAY 0: dimanche, dim
DAYS 1: lundis
DAYS 2: mardis
DAYS 3: mercredis
DAYS 4: jeudis
DAYS 5: vendredis
DAYS 6: samedis
DAYS 0: dimanches
WEEKDAYS: en semaine, jours ouvres, jour ouvre, jours ouvrables, jour ouvrable, jours de semaine, jour de semaine, jours de la semaine
WEEKEND: week-end, week-ends, weekend, weekends, fin de semaine
MONTH 1: janvier
MONTH 2: fevrier
MONTH 3: mars
MONTH 4: avril
MONTH 5: mai
MONTH 6: juin
MONTH 7: juillet
MONTH 8: aout
MONTH 9: septembre
MONTH 10: octobre
MONTH 11: novembre
MONTH 12: decembre
ORD -1: dernier, derniere
ORD 1: premier, premiere, 1er, 1ere
ORD 2: deuxieme, second, seconde, 2e, 2eme
ORD 3: troisieme, 3e, 3eme
ORD 4: quatrieme
ORD 5: cinquieme
PART morning: matin, matins, matinee, du matin, le matin, au matin
PART afternoon: apres-midi, de l'apres-midi, l'apres-midi
PART evening: soir, soirs, du soir, le soir, soiree
PART night: nuit, nuits, la nuit
NOON: midi
MIDNIGHT: minuit
ADV day: quotidiennement, chaque jour, une fois par jour, journellement, quotidien, quotidienne
ADV hour: une fois par heure
ADV week: hebdomadaire, une fois par semaine, chaque semaine, toutes les semaines
ADV month: mensuel, mensuellement, une fois par mois, mensuelle
ADV year: annuellement, une fois par an, annuel, chaque annee, tous les ans
ADV quarter: trimestriel, trimestriellement
ADV fortnight: toutes les deux semaines, tous les quinze jours, tous les 15 jours, une semaine sur deux
ADV office: pendant les heures de bureau, aux heures de bureau
OTHERAFTER: sur deux
AT: a, vers, des
FILL: du, de, des, au, en, le, la, les, de la, aux, dans, l', d', pendant, a partir de
AND: et, ainsi que
TO: au, a, jusqu'a, jusqu'au
FROM: du, de, entre
EXCEPT: sauf, sauf le, excepte
PER: par
TIMES: fois
OCLOCK: heures, heure, h
HALFAFTER: et demie, et demi
QUARTERAFTER: et quart
QUARTERLESS: moins le quart, moins quart
LESS: moins
HALF: demi, demie, demi-, demi-heure
QUARTER: quart d', quart d'heure
EARLIER: plus tot, avant
LATER: plus tard
ANIN: une, un
AGO: dernieres, derniers, des dernieres, des derniers, les dernieres, les derniers, ces dernieres, ces derniers
ONESPAN 1d: aujourd'hui, hier, depuis hier, d'hier, d'aujourd'hui
ONESPAN 7d: cette semaine, la semaine derniere, semaine derniere, de la semaine
ONESPAN 30d: ce mois, ce mois-ci, le mois dernier, mois dernier
ONESPAN 365d: cette annee, l'annee derniere
ONEOFF: demain, apres-demain, prochain, prochaine
"""

_ES = """
EVERY: cada, todos los, todas las, todo, todos, los, las
EVERYSTRONG: cada, todos los, todas las
OTHER 2: cada dos
UNIT minute: minuto, minutos, min
UNIT hour: hora, horas
UNIT day: dia, dias
UNIT week: semana, semanas
UNIT month: mes, meses
UNIT year: ano, anos
UNIT quarter: trimestre, trimestres
UNIT second: segundo, segundos
DAY 1: lunes
DAY 2: martes
DAY 3: miercoles
DAY 4: jueves
DAY 5: viernes
DAY 6: sabado
DAY 0: domingo
DAYS 6: sabados
DAYS 0: domingos
WEEKDAYS: dias laborables, dia laborable, entre semana, dias habiles, dia habil, laborables, dias de semana, dia de semana
WEEKEND: fin de semana, fines de semana
MONTH 1: enero
MONTH 2: febrero
MONTH 3: marzo
MONTH 4: abril
MONTH 5: mayo
MONTH 6: junio
MONTH 7: julio
MONTH 8: agosto
MONTH 9: septiembre, setiembre
MONTH 10: octubre
MONTH 11: noviembre
MONTH 12: diciembre
ORD -1: ultimo, ultima
ORD 1: primer, primero, primera
ORD 2: segundo, segunda
ORD 3: tercer, tercero, tercera
ORD 4: cuarto, cuarta
ORD 5: quinto
PART morning: manana, mananas, de la manana, por la manana, por las mananas
PART afternoon: tarde, tardes, de la tarde, por la tarde, por las tardes
PART evening: noche, noches, de la noche, por la noche, por las noches
PART dawn: de la madrugada, madrugada
NOON: mediodia, del mediodia
MIDNIGHT: medianoche
ADV day: diariamente, a diario, una vez al dia, diario, diaria, todos los dias, cada dia
ADV hour: una vez por hora, una vez a la hora
ADV week: semanalmente, una vez a la semana, una vez por semana, semanal
ADV month: mensualmente, una vez al mes, mensual
ADV year: anualmente, una vez al ano, anual
ADV quarter: trimestralmente, trimestral
ADV fortnight: quincenalmente, cada quince dias, cada dos semanas, quincenal
ADV office: en horario de oficina, en horas de oficina, en horario laboral
AT: a las, a la, a eso de las, sobre las, al, a
FILL: el, los, la, las, de, del, en, por, por la, de la, de los, dia
AND: y, e, mas
TO: a, al, hasta, hasta el, hasta las
FROM: de, del, desde, entre, desde las, de las
EXCEPT: excepto, salvo, menos
PER: al, por, a la
TIMES: veces
OCLOCK: horas, hs, h, en punto
HALFAFTER: y media
QUARTERAFTER: y cuarto
QUARTERLESS: menos cuarto
LESS: menos
PLUS: y
HALF: media
QUARTER: cuarto de
EARLIER: antes, mas temprano
LATER: mas tarde, despues
ANIN: una, un
AGO: ultimas, ultimos, las ultimas, los ultimos, en las ultimas, en los ultimos, de las ultimas, de los ultimos
ONESPAN 1d: hoy, ayer, desde ayer, de hoy, de ayer
ONESPAN 7d: esta semana, la semana pasada, de la semana, ultima semana, la ultima semana
ONESPAN 30d: este mes, el mes pasado, ultimo mes, el ultimo mes
ONESPAN 365d: este ano, el ano pasado
ONEOFF: pasado manana, proximo, proxima, manana a las
"""

_IT = """
EVERY: ogni, tutti i, tutte le, ciascun, il, la, i, le
EVERYSTRONG: ogni, tutti i, tutte le
OTHER 2: ogni due
UNIT minute: minuto, minuti, min
UNIT hour: ora, ore
UNIT day: giorno, giorni
UNIT week: settimana, settimane
UNIT month: mese, mesi
UNIT year: anno, anni
UNIT quarter: trimestre, trimestri
UNIT second: secondo, secondi
DAY 1: lunedi, lun
DAY 2: martedi, mar
DAY 3: mercoledi, mer
DAY 4: giovedi, gio
DAY 5: venerdi, ven
DAY 6: sabato, sab
DAY 0: domenica, dom
DAYS 6: sabati
DAYS 0: domeniche
WEEKDAYS: giorni feriali, giorno feriale, giorni lavorativi, giorno lavorativo, feriali
WEEKEND: fine settimana, weekend, week-end
MONTH 1: gennaio
MONTH 2: febbraio
MONTH 3: marzo
MONTH 4: aprile
MONTH 5: maggio
MONTH 6: giugno
MONTH 7: luglio
MONTH 8: agosto
MONTH 9: settembre
MONTH 10: ottobre
MONTH 11: novembre
MONTH 12: dicembre
ORD -1: ultimo, ultima, l'ultimo
ORD 1: primo, prima
ORD 2: secondo, seconda
ORD 3: terzo, terza
ORD 4: quarto, quarta
ORD 5: quinto
PART morning: mattina, mattine, mattino, di mattina, del mattino, della mattina, alla mattina
PART afternoon: pomeriggio, del pomeriggio, di pomeriggio
PART evening: sera, sere, di sera, della sera, alla sera
PART night: notte, notti, di notte
NOON: mezzogiorno
MIDNIGHT: mezzanotte
ADV day: quotidianamente, giornalmente, una volta al giorno, quotidiano, giornaliero, giornaliera, quotidiana
ADV hour: una volta all'ora, ogni ora
ADV week: settimanalmente, una volta a settimana, una volta alla settimana, settimanale
ADV month: mensilmente, una volta al mese, mensile
ADV year: annualmente, una volta all'anno, annuale
ADV quarter: trimestralmente, trimestrale
ADV fortnight: ogni due settimane, ogni quindici giorni, quindicinale
ADV office: in orario d'ufficio, durante l'orario d'ufficio
AT: alle, alle ore, all', a, verso le, ore, al
FILL: il, lo, la, i, le, di, del, della, nel, nei, al, alla, in, dei, delle
AND: e, ed
TO: a, al, alla, alle, fino a, fino alle
FROM: dal, da, dalle, tra, fra, tra le, dalla
EXCEPT: tranne, eccetto, escluso, tranne il
PER: al, alla, a, all'
TIMES: volte
OCLOCK: ore, in punto
HALFAFTER: e mezza, e mezzo
QUARTERAFTER: e un quarto
QUARTERLESS: meno un quarto
LESS: meno
PLUS: e
HALF: mezz', mezza, mezz'ora
QUARTER: quarto d'
EARLIER: prima, piu presto
LATER: dopo, piu tardi
ANIN: un, un', una
AGO: ultime, ultimi, le ultime, gli ultimi, nelle ultime, negli ultimi, delle ultime, degli ultimi
ONESPAN 1d: oggi, ieri, da ieri, di oggi, di ieri
ONESPAN 7d: questa settimana, la settimana scorsa, settimana scorsa, della settimana, ultima settimana
ONESPAN 30d: questo mese, il mese scorso, mese scorso, ultimo mese
ONESPAN 365d: quest'anno, l'anno scorso
ONEOFF: domani, dopodomani, prossimo, prossima
"""

_PT = """
EVERY: cada, todos os, todas as, todo o, toda a, todo, toda, a cada, as, aos, os
EVERYSTRONG: cada, todos os, todas as, todo o, toda a, todo, toda, a cada
OTHER 2: a cada dois, a cada duas, cada dois
UNIT minute: minuto, minutos, min
UNIT hour: hora, horas
UNIT day: dia, dias
UNIT week: semana, semanas
UNIT month: mes, meses
UNIT year: ano, anos
UNIT quarter: trimestre, trimestres
UNIT second: segundo, segundos
DAY 1: segunda-feira, segunda feira, segunda
DAY 2: terca-feira, terca feira, terca
DAY 3: quarta-feira, quarta feira, quarta
DAY 4: quinta-feira, quinta feira, quinta
DAY 5: sexta-feira, sexta feira, sexta
DAY 6: sabado
DAY 0: domingo
DAYS 1: segundas, segundas-feiras
DAYS 2: tercas, tercas-feiras
DAYS 3: quartas, quartas-feiras
DAYS 4: quintas, quintas-feiras
DAYS 5: sextas, sextas-feiras
DAYS 6: sabados
DAYS 0: domingos
WEEKDAYS: dias uteis, dia util, dias de semana, dia de semana, durante a semana
WEEKEND: fim de semana, fins de semana
MONTH 1: janeiro
MONTH 2: fevereiro
MONTH 3: marco
MONTH 4: abril
MONTH 5: maio
MONTH 6: junho
MONTH 7: julho
MONTH 8: agosto
MONTH 9: setembro
MONTH 10: outubro
MONTH 11: novembro
MONTH 12: dezembro
ORD -1: ultimo, ultima
ORD 1: primeiro, primeira
ORD 2: segundo
ORD 3: terceiro, terceira
ORD 4: quarto
ORD 5: quinto
PART morning: manha, manhas, da manha, de manha, pela manha
PART afternoon: tarde, tardes, da tarde, a tarde, de tarde, pela tarde
PART evening: noite, noites, da noite, a noite, de noite, pela noite
PART dawn: da madrugada, madrugada
NOON: meio-dia, meio dia
MIDNIGHT: meia-noite, meia noite
ADV day: diariamente, uma vez por dia, todo dia, todos os dias, diario, diaria
ADV hour: uma vez por hora, de hora em hora
ADV week: semanalmente, uma vez por semana, semanal
ADV month: mensalmente, uma vez por mes, mensal
ADV year: anualmente, uma vez por ano, anual
ADV quarter: trimestralmente, trimestral
ADV fortnight: quinzenalmente, a cada quinze dias, a cada duas semanas, quinzenal
ADV office: em horario comercial, no horario comercial
AT: as, a, ao, pelas, la pelas
FILL: o, a, os, as, no, na, nos, nas, do, da, de, em, dos, das, dia, aos
AND: e
TO: a, ate, as, ao, a as
FROM: de, das, entre, desde, entre as, da
EXCEPT: exceto, menos, salvo
PER: por, ao
TIMES: vezes
OCLOCK: horas, h, hs, em ponto
HALFAFTER: e meia
QUARTERAFTER: e um quarto
LESS: menos
PLUS: e
HALF: meia
QUARTER: quarto de
EARLIER: mais cedo, antes
LATER: mais tarde, depois
ANIN: uma, um
AGO: ultimas, ultimos, as ultimas, os ultimos, nas ultimas, nos ultimos, das ultimas, dos ultimos
ONESPAN 1d: hoje, ontem, desde ontem, de hoje, de ontem
ONESPAN 7d: esta semana, desta semana, a semana passada, semana passada, da semana, ultima semana
ONESPAN 30d: este mes, deste mes, mes passado, ultimo mes
ONESPAN 365d: este ano, deste ano, ano passado
ONEOFF: amanha, depois de amanha, proximo, proxima
"""

_NL = """
EVERY: elke, iedere, elk, ieder, alle, op elke
OTHER 2: om de, om de andere, elke tweede, elke andere, om het
UNIT minute: minuut, minuten, min
UNIT hour: uur, uren
UNIT day: dag, dagen
UNIT week: week, weken
UNIT month: maand, maanden
UNIT year: jaar, jaren
UNIT quarter: kwartaal, kwartalen
UNIT second: seconde, seconden
DAY 1: maandag, ma
DAY 2: dinsdag, di
DAY 3: woensdag, wo
DAY 4: donderdag, do
DAY 5: vrijdag, vr
DAY 6: zaterdag, za
DAY 0: zondag, zo
DAYS 1: maandags, 's maandags
DAYS 2: dinsdags, 's dinsdags
DAYS 3: woensdags, 's woensdags
DAYS 4: donderdags, 's donderdags
DAYS 5: vrijdags, 's vrijdags
DAYS 6: zaterdags, 's zaterdags
DAYS 0: zondags, 's zondags
WEEKDAYS: werkdag, werkdagen, doordeweeks, doordeweekse dag, weekdagen, weekdag, door de week
WEEKEND: weekend, weekenden, in het weekend
MONTH 1: januari
MONTH 2: februari
MONTH 3: maart
MONTH 4: april
MONTH 5: mei
MONTH 6: juni
MONTH 7: juli
MONTH 8: augustus
MONTH 9: september
MONTH 10: oktober
MONTH 11: november
MONTH 12: december
ORD -1: laatste
ORD 1: eerste
ORD 2: tweede
ORD 3: derde
ORD 4: vierde
ORD 5: vijfde
PART morning: ochtend, ochtenden, 's ochtends, ochtends, 's morgens, in de ochtend, morgens
PART afternoon: middag, 's middags, middags, in de middag
PART evening: avond, avonden, 's avonds, avonds, in de avond
PART night: nacht, 's nachts, nachts
NOON: twaalf uur 's middags, het middaguur
MIDNIGHT: middernacht
ADV day: dagelijks, eenmaal per dag, een keer per dag
ADV hour: elk uur, ieder uur, een keer per uur
ADV week: wekelijks, een keer per week, eens per week
ADV month: maandelijks, een keer per maand, eens per maand
ADV year: jaarlijks, een keer per jaar, eens per jaar
ADV quarter: elk kwartaal, per kwartaal
ADV fortnight: tweewekelijks, om de week, om de twee weken, elke twee weken, veertiendaags
ADV office: tijdens kantooruren, onder kantooruren
AT: om, rond, tegen
FILL: op, de, het, van, van de, van elke, in, in de, der, in het
AND: en
TO: tot, tot en met, t/m, t m
FROM: van, tussen, vanaf
EXCEPT: behalve, behalve op, uitgezonderd
PER: per
TIMES: keer, maal
OCLOCK: uur
HALFTO: half
QUARTERPAST: kwart over
QUARTERTO: kwart voor
PAST: over
BEFORE: voor
HALF: half, halve
QUARTER: kwartier
EARLIER: eerder, vroeger
LATER: later
ANIN: een
AGO: afgelopen, laatste, de afgelopen, de laatste, van de afgelopen, van de laatste, vorige
ONESPAN 1d: vandaag, gisteren, sinds gisteren, van vandaag, van gisteren
ONESPAN 7d: deze week, afgelopen week, vorige week, van de week
ONESPAN 30d: deze maand, afgelopen maand, vorige maand
ONESPAN 365d: dit jaar, afgelopen jaar, vorig jaar
ONEOFF: overmorgen, volgende, komende, morgenochtend
"""

_TABLES = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES, "it": _IT, "pt": _PT, "nl": _NL}
WORD = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


class Meaning(NamedTuple):
    kind: str
    value: str


@cache
def lexicon(lang: str) -> dict[tuple[str, ...], tuple[Meaning, ...]]:
    """Every phrase of a language (as folded words and signs) with all it may mean."""
    found: dict[tuple[str, ...], list[Meaning]] = {}
    for line in _TABLES[lang].strip().splitlines():
        head, _, phrases = line.partition(":")
        kind, _, value = head.partition(" ")
        for phrase in phrases.split(","):
            found.setdefault(tuple(WORD.findall(phrase.strip())), []).append(Meaning(kind, value))
    for word, number in NUMBERS[lang].items():
        found.setdefault(tuple(WORD.findall(word)), []).append(Meaning("NUM", str(number)))
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@cache
def longest(lang: str) -> int:
    """Words in the longest phrase of a language."""
    return max(len(phrase) for phrase in lexicon(lang))
