"""Groups in and around Bristol, and those that meet online from there. Format: see `persona.py`. All invented."""

GROUPS = """
@walk-shift | sport_walk | Bristol/Southville | en native | Saturdays 10:00-11:30 | 9/16 | free | in_person
t: After-Shift Walkers
k: walking; talking or not talking; shift work
d: We meet by the swing bridge, walk round the harbour, have a tea, go home. Mostly hospital and care people but
  nobody checks. If you slept two hours come anyway and be grumpy with us. Dogs welcome, prams fine, it's flat.
c: nurse-manager yes; health-analyst ?
s: confidence yes; cost yes; childcare partly; transport partly; physical_access yes; language partly
x: childcare=yes beginner=yes regular=yes venue=outdoors step=yes exposure=2 activity=yes by=visited_by_staff fac=peer
h: Stand near the blue bollard, someone in a yellow hat says hello. You can leave after one lap, people do.

@health-data-lunch | professional | online | en native | every 2nd Wednesday 12:30-13:15 | 23/60 | free | video
t: Health Data at Lunch
k: health statistics; SQL; careers in health data; information governance
d: Forty-five minutes, one person shows one thing. Last month: counting falls without counting twice. Half of us are
  nurses, physios, midwives who drifted into data, half are analysts who have never been on a ward and want to know.
c: health-analyst yes; data-engineer yes
s: time yes; cost yes; place yes; confidence partly; digital no
x: beginner=yes regular=yes venue=online exposure=3 by=organiser fac=peer listen=yes
h: Camera off is normal. Questions go in the chat; somebody reads them out.

@women-trades-sat | professional | Bristol/St Pauls | en native, pl B2, uk B1 | Saturdays 10:00-12:00 | 14/20 | free |
  in_person
t: Tools & Toast
k: women in trades; electrics; plumbing; carpentry; first jobs on site
d: A workshop, a toaster and about a dozen women and non-binary folk in trades or on the way in. Bring a broken lamp.
  There's a proper creche next door 10 to 12 (tell us ages by Thursday). We swap which firms are decent.
c: sparky-bristol yes; carpenter-nb yes
n: women_only; alcohol_free
s: childcare yes; language yes; cost yes; confidence yes; exclusion yes; transport ?
x: childcare=yes beginner=yes regular=yes venue=centre step=yes exposure=2 activity=yes by=visited_by_staff
  fac=trained_volunteer
x: framing=identity_focused
h: Ring the bell marked Unit 4. Site English sheet on the wall, pictures next to every word.

@english-kettle | cultural | Bristol/Easton | en native, so C1, ar B2, uk B2 | Tuesdays 10:00-11:30 | 18/25 | free |
  in_person
t: English with the Kettle On
k: conversation; English for newcomers; everyday letters
d: Speak a little. Drink tea. Children can play here. We read letters from school, from the bank, from the housing
  office, together. Teacher is retired and patient. You do not need to book and you do not need paper.
c: language-coach yes; qa-returner yes
s: language yes; childcare yes; cost yes; confidence yes; transport partly; unspoken_rules yes
x: childcare=yes beginner=yes regular=yes venue=library step=yes exposure=2 by=visited_by_staff fac=trained_volunteer
  trained=yes
h: Come in by the library door. Sit at any table. First somebody asks your name and how you like tea.

@sql-clinic | peer_circle | Bristol/Bedminster | en native | 1st and 3rd Monday 18:30-20:00 | 7/10 | free |
  in_person;video
t: The Query Clinic
k: SQL; spreadsheets; databases for beginners
d: Bring a spreadsheet that hurts. We've cured a food bank rota, a brass band's subscriptions and one marriage
  (nearly).
c: data-engineer yes
s: cost yes; confidence partly; digital partly
x: beginner=yes regular=yes venue=cafe exposure=2 activity=yes by=organiser fac=peer

@allotment | hobby | Bristol/Bedminster | en native, ml C1 | Sundays 11:00-13:00 | 12/? | low | in_person
t: Plot 47B
k: allotment gardening; growing vegetables; outdoors
d: One double plot, too much chard. Weed for ten minutes or two hours. Kids get their own bed of radishes. We share
  what comes up and argue about slugs.
c: data-engineer no; nurse-manager yes
s: childcare partly; cost yes; language yes; physical_access no
x: childcare=no family=yes beginner=yes venue=outdoors exposure=2 activity=yes by=organiser fac=none

@parents-morning | parents | Bristol/Lawrence Hill | en native, so C1, ar C1, ur B2 | Wednesdays 09:30-11:30 | 20/24 |
  free | in_person
t: Stay, Play, Say Anything
k: parents with small children; looking for work with children; school questions
d: Toys on one side, coffee on the other. A careers adviser sits in every second week and doesn't wear a lanyard. Dads
  come too, though they hide in the kitchen.
c: teaching-assistant yes; hgv-driver ?
n: alcohol_free
s: childcare yes; language yes; cost yes; confidence yes; transport yes
x: childcare=yes beginner=yes regular=yes venue=centre step=yes family=yes exposure=2 by=organiser
  fac=trained_volunteer

@queer-trades | peer_circle | Bristol/Easton | en native | last Thursday of the month 19:00-21:00 | 8/12 | free |
  in_person
t: Spirit Level
k: queer people in trades and tech; being out on site; swapping work
d: For LGBTQIA+ people who work with their hands, or with servers, which are also heavy. Chips provided. What's said
  over chips stays over chips.
c: carpenter-nb yes
n: alcohol_free
s: exclusion yes; confidence partly; cost yes; safety yes
x: beginner=yes venue=centre step=yes exposure=2 by=member_pulse fac=peer conf=yes framing=identity_focused
x: safety=declared_welcome,code_of_conduct,address_after_joining

@returners | peer_circle | online | en native, ml C1 | Thursdays 20:00-21:00 | 10/12 | free | video
t: Second Start
k: returning after a break; confidence; rewriting a CV
d: Weekly online group for people coming back to work after a career break (2 to 20 years). We do one practical task
  per week, e.g. LinkedIn profile, interview question, the gap in the CV. Please e-mail if you can't make it. Max 12.
c: qa-returner yes
s: confidence yes; time partly; childcare partly; cost yes; place yes
x: beginner=yes regular=yes venue=online exposure=1 by=organiser fac=peer conf=yes listen=yes

@carers-circle | support | Bristol/Knowle | en native | 2nd Tuesday of the month 10:30-12:00 | 7/10 | free |
  in_person;phone
t: Carers' Kitchen Table
k: caring for a relative; exhaustion; asking for help
d: For people who look after somebody. You may cry, complain or just eat the biscuits. A social worker and a carer run
  it together. Taxi money from the pot if you ask before noon on Monday.
c: social-worker yes
s: transport yes; cost yes; confidence yes; time partly; childcare no
x: beginner=yes regular=yes venue=home step=no exposure=1 by=organiser fac=professional trained=yes risk=B conf=yes
  listen=yes
x: crisis=yes safeguard=yes admission=closed safety=private_attendance,exit_without_reason,code_of_conduct
r: what is said here stays here; nobody has to speak; advice only when asked for

@grief-stones | self_help | Bristol/Brislington | en native | Fridays 14:00-15:30 | 6/10 | free | in_person
t: Walking with the Empty Side
k: bereavement; life after a long marriage; going out alone
d: We lost a husband, a wife, a partner. We walk by the canal, then sit. It's not therapy and nobody mentions stages.
c: bookkeeper yes
s: confidence yes; cost yes; transport ?; physical_access partly
x: beginner=yes regular=yes venue=outdoors exposure=1 activity=yes by=organiser fac=peer risk=B listen=yes conf=yes
r: first names only; you can walk at the back

@damp-action | advocacy | Bristol/Knowle | en native, bn B2 | every 2nd Tuesday 18:30-19:45 | 26/- | free | in_person
t: Knowle Tenants Against Damp
k: housing rights; organising neighbours; speaking to the council
d: Three tower blocks, one mould. We write letters in pairs, we go to hearings in tens. Someone always watches the
  kids in the back room and somebody always brings samosas. Shouting is allowed until quarter past seven.
c: tenant-org yes; council-planner no
s: childcare yes; cost yes; confidence partly; language partly; unspoken_rules partly
x: childcare=yes beginner=no regular=yes venue=centre step=yes exposure=3 by=organiser fac=peer

@bsl-coffee | cultural | Bristol/Redfield | bfi native, en C1 | Thursdays 18:00-19:30 | 11/18 | low | in_person
t: Hands Up Café
k: British Sign Language; deaf and hearing people; coffee
d: Voices off from six o'clock. Beginners get a card with twenty signs and a lot of patience. Good lighting, round
  tables.
c: deaf-teacher yes; deaf-analyst yes
s: sensory_access yes; cost partly; language yes; confidence partly
x: beginner=yes regular=yes venue=cafe step=yes exposure=2 by=visited_by_staff fac=peer

@underfall-bench | informal | Bristol/Hotwells | en native | most weekdays, ask | 4/5 | free | in_person
t: The Bench at Underfall
k: wooden boats; hand tools; company
d: Not really a group. There's a bench, an old boy, a boat that's been nearly finished since 2011. Turn up.
c: boatbuilder yes
s: cost yes; confidence partly; physical_access ?; language ?
x: beginner=yes venue=other exposure=1 activity=yes by=unknown fac=none

@safe-evenings | support | Bristol/St Pauls | en native, so B2, ar B2 | on request | ?/8 | free | in_person
t: Wednesday Room
k: living after violence at home
d: A closed group run by two counsellors. Places only through the programme's coordinator, who will talk with you
  first.
n: women_only
s: safety yes; childcare yes; cost yes; transport yes
x: childcare=yes venue=centre risk=C admission=closed fac=professional trained=yes crisis=yes safeguard=yes conf=yes
  listen=yes
x: by=visited_by_staff safety=private_attendance,address_after_joining,exit_without_reason,code_of_conduct,moderation
r: places through the coordinator only; no phones in the room; leave whenever you want

@lgbt-managers | professional | online | en native, de B2 | 1st Tuesday of the month 18:00-19:00 | 15/20 | free |
  video
t: Out at the Top Table
k: LGBTQIA+ people in management; promotion; networks at work
d: Monthly peer consulting for LGBTQIA+ managers and aspiring managers. One case per session, first names only,
  members take turns to facilitate. Interview practice on request.
c: leader-lgbt yes; eng-manager yes
s: exclusion yes; confidence partly; cost yes; place yes
x: beginner=no regular=yes venue=online exposure=2 by=organiser fac=peer conf=yes framing=identity_focused
x: safety=moderation,code_of_conduct,private_attendance

@invoices-anon | self_help | Bristol/Gloucester Road | en native, tr C1 | 2nd Thursday of the month 09:15-10:30 | 9/12
  | free | in_person
t: Invoices Anonymous
k: small business; bookkeeping; getting paid
d: Sole traders with shoeboxes. We open the envelopes together, somebody makes a spreadsheet, somebody makes a pot of
  tea. Nobody leaves until one late payer has been phoned.
c: bookkeeper yes; cafe-owner yes
s: digital yes; cost yes; confidence yes; childcare ?
x: beginner=yes regular=yes venue=cafe step=yes exposure=2 by=organiser fac=peer conf=yes
"""
